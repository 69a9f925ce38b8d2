//! Loaders: they load the claims of a user at a refresh.

use std::any::type_name;
use std::str::FromStr;

use crate::claims::{Body, Claims};
use crate::error::AuthError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What a loader returns: `Option<C>` or `Result<Option<C>, E>`, where `C` are the current claims of the user and `None`
/// means that the user no longer exists.
#[diagnostic::on_unimplemented(
    message = "a loader cannot return `{Self}`",
    label = "not a valid return type of a loader",
    note = "return `Option<C>` or `Result<Option<C>, E>`, where `C` derives `Claims`"
)]
pub trait Loaded {
    /// The type of the claims.
    type Claims: Claims;

    /// Converts into a result. On an error, the refresh token is not used up.
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

/// The future of a loader. A bound of [`Future`] itself would lead to three compiler errors, none of which says that the
/// loader must be `async`.
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

/// Loads the current claims of a subject. Returns `None` if the user no longer exists.
pub(crate) async fn load<S, L>(
    subject: &str,
    loader: impl FnOnce(S) -> L,
) -> Result<Option<<L::Output as Loaded>::Claims>, AuthError>
where
    S: FromStr,
    L: Loading<Output: Loaded>,
{
    let parsed = subject.parse().map_err(|_| {
        AuthError::internal(format!(
            "the loader takes a `{}`, but the subject of the refresh token does not parse as one",
            type_name::<S>()
        ))
    })?;
    let claims = loader(parsed).future().await.into_result().map_err(AuthError::unavailable)?;
    match claims.as_ref().is_some_and(|claims| claims.subject() != subject) {
        true => Err(AuthError::internal("the loader returned the claims of another subject")),
        false => Ok(claims),
    }
}

/// Writes the claims that a loader returned.
pub(crate) fn write_claims<C: Claims>(claims: &C) -> Result<Body, AuthError> {
    C::CODEC.write(claims)
}
