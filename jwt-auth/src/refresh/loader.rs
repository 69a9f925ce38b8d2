//! What a loader answers a refresh with, and when.

use crate::claims::Claims;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The answer of a loader: `Option<C>`, or `Result<Option<C>, E>`, where `C` are the claims of a
/// user as they are now and `None` says that there is no such user any more.
#[diagnostic::on_unimplemented(
    message = "a loader cannot answer with `{Self}`",
    label = "not the answer of a loader",
    note = "answer with `Option<C>` or `Result<Option<C>, E>`, where `C` derives `Claims`"
)]
pub trait Loaded {
    /// The claims.
    type Claims: Claims;

    /// The answer as a result. An error means that nothing is known, and nothing is spent.
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

/// What a loader returns: any future of its answer. A bound of its own, since of [`Future`] the compiler would say
/// three times that something is none, and not that the loader has to be `async`.
#[diagnostic::on_unimplemented(
    message = "a loader is `async`, and this one returns a `{Self}`, which is no future",
    label = "its loader is not `async`",
    note = "write `async |id: u64| …`, or give it an `async fn`"
)]
pub trait Loading {
    /// Of the future.
    type Answer;

    /// That of the loader.
    type Future: Future<Output = Self::Answer>;

    /// The future itself.
    fn future(self) -> Self::Future;
}

#[diagnostic::do_not_recommend]
impl<F: Future> Loading for F {
    type Answer = F::Output;
    type Future = F;

    fn future(self) -> F {
        self
    }
}
