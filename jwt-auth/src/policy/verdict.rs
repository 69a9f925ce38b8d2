//! Verdicts: the results of conditions, available now or as a future.

use std::future::Future;

use super::check::CheckFailure;
use crate::error::AuthError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The result of a condition: `bool`, or `Result<bool, E>`, where an error means that the result is unknown.
///
/// If the error is an [`AuthError`], it determines the response. Any other error leads to a 503, as for a loader.
#[diagnostic::on_unimplemented(
    message = "a `check` cannot return `{Self}`",
    label = "not a valid result of a `check`",
    note = "return `bool` or `Result<bool, E>`, or a future of one of these"
)]
pub trait Verdict {
    /// Converts into a result.
    fn into_result(self) -> Result<bool, Cause>;
}

impl Verdict for bool {
    fn into_result(self) -> Result<bool, Cause> {
        Ok(self)
    }
}

impl<E: Into<Cause>> Verdict for Result<bool, E> {
    fn into_result(self) -> Result<bool, Cause> {
        self.map_err(Into::into)
    }
}

fn settle(verdict: impl Verdict) -> Result<bool, CheckFailure> {
    verdict.into_result().map_err(|cause| match cause.downcast::<AuthError>() {
        Ok(error) => CheckFailure::Reject(*error),
        Err(cause) => CheckFailure::Reject(AuthError::unavailable(cause)),
    })
}

/// The return value of a condition: a verdict (`Now`), or a future of one (`Later`).
#[diagnostic::on_unimplemented(
    message = "a `check` cannot return `{Self}`",
    label = "not a valid result of a `check`",
    note = "return `bool` or `Result<bool, E>`, or a future of one of these"
)]
pub trait IntoVerdict<Timing> {
    fn settle(self) -> impl Future<Output = Result<bool, CheckFailure>> + Send
    where
        Self: Send;
}

pub struct Now;
pub struct Later;

#[diagnostic::do_not_recommend]
impl<V: Verdict> IntoVerdict<Now> for V {
    fn settle(self) -> impl Future<Output = Result<bool, CheckFailure>> + Send
    where
        Self: Send,
    {
        std::future::ready(settle(self))
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Verdict>> IntoVerdict<Later> for F {
    async fn settle(self) -> Result<bool, CheckFailure>
    where
        Self: Send,
    {
        settle(self.await)
    }
}

/// Waits for the verdict of a condition, if it is a future.
pub async fn verdict<Timing>(value: impl IntoVerdict<Timing> + Send) -> Result<bool, CheckFailure> {
    value.settle().await
}
