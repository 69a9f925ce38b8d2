//! Spans around calls that take time, with the feature `tracing`. Without it, they do nothing.

use std::future::Future;

/// Runs a call of the store in a span.
pub(crate) fn store_call<F: Future>(operation: &'static str, call: F) -> impl Future<Output = F::Output> {
    #[cfg(feature = "tracing")]
    return tracing::Instrument::instrument(
        call,
        tracing::debug_span!(target: "jwt_auth", "store", operation),
    );
    #[cfg(not(feature = "tracing"))]
    {
        let _ = operation;
        call
    }
}

/// Runs a fetch of an issuer's keys in a span.
#[cfg(feature = "remote")]
pub(crate) fn fetching_keys<F: Future>(issuer: &str, fetch: F) -> impl Future<Output = F::Output> {
    #[cfg(feature = "tracing")]
    return tracing::Instrument::instrument(
        fetch,
        tracing::debug_span!(target: "jwt_auth", "fetch_keys", issuer),
    );
    #[cfg(not(feature = "tracing"))]
    {
        let _ = issuer;
        fetch
    }
}
