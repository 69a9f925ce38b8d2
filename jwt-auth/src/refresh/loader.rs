//! What a loader answers a refresh with.

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
