//! Metrics, as an observer: counters, gauges and a histogram of the `metrics` facade. No label has a value that a client
//! chooses.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use super::{Event, EventRequest};

const LOGINS: &str = "jwt_auth_logins_total";
const REFRESHES: &str = "jwt_auth_refreshes_total";
const REJECTIONS: &str = "jwt_auth_rejections_total";
const DENIALS: &str = "jwt_auth_denials_total";
const SESSIONS_ENDED: &str = "jwt_auth_sessions_ended_total";
const STORE_SECONDS: &str = "jwt_auth_store_seconds";
const FEED_AGE: &str = "jwt_auth_feed_age_seconds";
const REVOCATIONS: &str = "jwt_auth_revocations";

/// Describes the metrics to the exporter.
pub(crate) fn describe() {
    describe_counter!(LOGINS, "Logins, by outcome.");
    describe_counter!(REFRESHES, "Refreshes, by outcome.");
    describe_counter!(REJECTIONS, "Rejected requests, by reason.");
    describe_counter!(DENIALS, "Requests that a policy denied, by route.");
    describe_counter!(SESSIONS_ENDED, "Sessions that were ended before they expired, by reason.");
    describe_histogram!(STORE_SECONDS, Unit::Seconds, "Duration of store calls, by operation.");
    describe_gauge!(FEED_AGE, Unit::Seconds, "Time since all revocations by other processes were received.");
    describe_gauge!(REVOCATIONS, "Revocations that this process remembers.");
}

/// Counts an event.
pub(super) fn count(event: &Event<'_>) {
    let logins = |outcome| counter!(LOGINS, "outcome" => outcome).increment(1);
    let refreshes = |outcome| counter!(REFRESHES, "outcome" => outcome).increment(1);
    match event {
        Event::SignedIn { .. } => logins("success"),
        Event::SignInRefused { .. } => logins("refused"),
        Event::Throttled { .. } => logins("throttled"),
        Event::Refreshed { .. } => refreshes("rotated"),
        Event::Replayed { .. } => refreshes("replayed"),
        Event::Reused { .. } => refreshes("reused"),
        Event::RefreshRefused { .. } => refreshes("refused"),
        Event::Rejected { error, .. } => counter!(REJECTIONS, "reason" => error.reason()).increment(1),
        Event::CrossOrigin { .. } => counter!(REJECTIONS, "reason" => "cross_origin").increment(1),
        Event::Denied { request, .. } => {
            counter!(DENIALS, "route" => EventRequest::route(request).unwrap_or_default()).increment(1);
        }
        Event::SessionEnded { reason, .. } => {
            counter!(SESSIONS_ENDED, "reason" => reason.name()).increment(1);
        }
        _ => {}
    }
}

/// Records the duration of a store call.
pub(crate) fn store_seconds(operation: &'static str, duration: Duration) {
    histogram!(STORE_SECONDS, "operation" => operation).record(duration);
}

/// Records how long ago all revocations by other processes were received.
pub(crate) fn feed_age(age: Duration) {
    gauge!(FEED_AGE).set(age);
}

/// Records how many revocations are remembered.
pub(crate) fn revocations(count: usize) {
    gauge!(REVOCATIONS).set(count as f64);
}
