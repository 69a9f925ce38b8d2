//! The log, as an observer. With the feature `tracing`, events go to the subscriber, and from there to the log if there is
//! no subscriber.

use super::Event;
use crate::error::count_repeats;

/// The target of all lines.
const TARGET: &str = "jwt_auth";

/// Writes an event to the log.
pub(super) fn record(event: &Event<'_>) {
    let more = match event {
        // While the store is unavailable, every request would write a line.
        Event::Rejected { error, .. } | Event::RenewalFailed { error, .. }
            if error.status().class().is_server_error() =>
        {
            match count_repeats(*error) {
                None => return,
                Some(more) => more,
            }
        }
        _ => 0,
    };
    let more = match more {
        0 => String::new(),
        more => format!(" ({more} more requests since the last such line)"),
    };
    write(event, &more);
}

#[cfg(not(feature = "tracing"))]
fn write(event: &Event<'_>, more: &str) {
    log::log!(target: TARGET, event.level(), "jwt-auth: {event}{more}");
}

#[cfg(feature = "tracing")]
fn write(event: &Event<'_>, more: &str) {
    macro_rules! trace {
        ($($log:ident => $level:ident),*) => {
            match event.level() {
                $(log::Level::$log => {
                    // Without a subscriber, nothing is enabled, but `event!` writes to the log.
                    if tracing::event_enabled!(target: TARGET, tracing::Level::$level)
                        || log::log_enabled!(target: TARGET, log::Level::$log)
                    {
                        let fields = event.fields();
                        tracing::event!(
                            target: TARGET,
                            tracing::Level::$level,
                            event = fields.event,
                            reason = fields.reason,
                            subject = fields.subject,
                            kind = fields.kind,
                            session = fields.session.map(tracing::field::display),
                            token = fields.token.map(tracing::field::display),
                            clause = fields.clause,
                            route = fields.route,
                            issuer = fields.issuer,
                            acr = fields.acr,
                            "jwt-auth: {event}{more}"
                        );
                    }
                })*
            }
        };
    }
    trace!(Error => ERROR, Warn => WARN, Info => INFO, Debug => DEBUG, Trace => TRACE);
}
