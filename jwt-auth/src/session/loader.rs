//! Loaders, which load the current claims of a user for a refresh.

use std::any::type_name;

use super::Presented;
use super::continued::LoaderParameter;
use crate::claims::{Body, Claims};
use crate::error::{AuthError, InvalidGrant};
use crate::signer::Signer;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The return value of a loader: `Option<C>` or `Result<Option<C>, E>`. `C` is the type of the user's current claims,
/// and `None` means that the user no longer exists.
#[diagnostic::on_unimplemented(
    message = "a loader cannot return `{Self}`",
    label = "not a valid return type of a loader",
    note = "return `Option<C>` or `Result<Option<C>, E>`, where `C` derives `Claims`"
)]
pub trait Loaded {
    /// The type of the claims.
    type Claims: Claims;

    /// Converts into a result. If it is an error, the refresh token is not used up.
    fn into_result(self) -> Result<Option<Self::Claims>, Cause>;
}

impl<C: Claims> Loaded for Option<C> {
    type Claims = C;

    fn into_result(self) -> Result<Option<C>, Cause> {
        Ok(self)
    }
}

impl<C: Claims, E: Into<Cause>> Loaded for Result<Option<C>, E> {
    type Claims = C;

    fn into_result(self) -> Result<Option<C>, Cause> {
        self.map_err(Into::into)
    }
}

/// The future of a loader. With a bound on [`Future`] itself, a loader that is not `async` would cause three compiler
/// errors that do not mention `async`.
#[diagnostic::on_unimplemented(
    message = "a loader must be `async`, but this one returns `{Self}`, which is not a future",
    label = "the loader is not `async`",
    note = "write `async |id: u64| …`, or pass an `async fn`"
)]
pub trait Loading {
    /// The output of the future.
    type Output;

    /// The future.
    type Future: Future<Output = Self::Output>;

    /// Returns the future.
    fn future(self) -> Self::Future;
}

#[diagnostic::do_not_recommend]
impl<F: Future> Loading for F {
    type Output = F::Output;
    type Future = F;

    fn future(self) -> F {
        self
    }
}

/// Loads the current claims for a refresh token, and encodes them. Returns `None` if the user no longer exists.
///
/// # Errors
///
/// Returns an error if the loader failed, or if the kind or the subject of the token does not match the loader. In the
/// latter case, the client has to sign in again.
pub(crate) async fn load<S, L>(
    presented: &Presented,
    loader: impl FnOnce(S) -> L,
) -> Result<Option<LoadedClaims<L>>, AuthError>
where
    S: LoaderParameter,
    L: Loading<Output: Loaded>,
{
    let owner = &presented.owner;
    if !Claimed::<L>::CODEC.has_kind(owner.kind()) {
        return Err(InvalidGrant::WrongKind.into());
    }
    let Some(parameter) = S::of(presented) else {
        return Err(InvalidGrant::SubjectType { expected: type_name::<S>() }.into());
    };
    let claims = loader(parameter).future().await.into_result().map_err(AuthError::unavailable)?;
    let Some(claims) = claims else { return Ok(None) };
    if claims.subject() != owner.subject() {
        return Err(InvalidGrant::WrongSubject.into());
    }
    let body = Claimed::<L>::CODEC.write(&claims)?;
    match body.profile.issuer.is_none() && body.profile.audience == owner.kind() {
        true => Ok(Some(LoadedClaims { claims, body })),
        false => Err(InvalidGrant::WrongKind.into()),
    }
}

/// The claims type of a loader.
type Claimed<L> = <<L as Loading>::Output as Loaded>::Claims;

/// The claims that a loader returned, and their encoding for a token.
pub(crate) struct LoadedClaims<L: Loading<Output: Loaded>> {
    pub(crate) claims: Claimed<L>,
    pub(crate) body: Body,
}

impl<L: Loading<Output: Loaded>> LoadedClaims<L> {
    /// Checks that the claims can be read back, in the debug profile.
    pub(crate) fn read_back(&self, signer: &Signer) -> Result<(), AuthError> {
        signer.read_back::<Claimed<L>>(&self.body)
    }
}
