//! What a condition answers: now or later, for sure or with an error.

use std::future::Future;

use super::check::Stop;
use crate::error::AuthError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The answer of a condition: `bool`, or `Result<bool, E>`, where an error says that nothing is known.
///
/// An [`AuthError`] is answered as it is; any other is a 503, like an error of a loader.
#[diagnostic::on_unimplemented(
    message = "a condition cannot answer with `{Self}`",
    label = "not the answer of a condition",
    note = "answer with `bool` or `Result<bool, E>`, or with a future of one of these"
)]
pub trait Verdict {
    /// The answer as a result.
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

fn settle(verdict: impl Verdict) -> Result<bool, Stop> {
    verdict.into_result().map_err(|cause| match cause.downcast::<AuthError>() {
        Ok(error) => Stop::Refuse(*error),
        Err(cause) => Stop::Refuse(AuthError::unavailable(cause)),
    })
}

/// What a condition may answer with: a verdict (`Now`), or a future of one (`Later`).
#[diagnostic::on_unimplemented(
    message = "a condition cannot answer with `{Self}`",
    label = "not the answer of a condition",
    note = "answer with `bool` or `Result<bool, E>`, or with a future of one of these"
)]
pub trait Answer<Kind> {
    fn settle(self) -> impl Future<Output = Result<bool, Stop>> + Send
    where
        Self: Send;
}

pub struct Now;
pub struct Later;

#[diagnostic::do_not_recommend]
impl<V: Verdict> Answer<Now> for V {
    fn settle(self) -> impl Future<Output = Result<bool, Stop>> + Send
    where
        Self: Send,
    {
        std::future::ready(settle(self))
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output: Verdict>> Answer<Later> for F {
    async fn settle(self) -> Result<bool, Stop>
    where
        Self: Send,
    {
        settle(self.await)
    }
}

/// Waits for the answer of a condition, if it has to be waited for.
pub async fn answer<Kind>(answer: impl Answer<Kind> + Send) -> Result<bool, Stop> {
    answer.settle().await
}
