//! The observers of an app.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::Event;

/// An observer: a function of the app that is called with each event.
pub(crate) type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// The observers of an app, after the log and the metrics.
#[derive(Clone, Default)]
pub(crate) struct Observers(Arc<[Observer]>);

impl Observers {
    pub(crate) fn new(observers: &[Observer]) -> Self {
        Self(observers.into())
    }

    /// Passes an event to all observers. An observer that panics does not fail the request.
    pub(crate) fn emit(&self, event: Event<'_>) {
        attempt(&event, super::record::record);
        #[cfg(feature = "metrics")]
        attempt(&event, super::metrics::count);
        for observer in &*self.0 {
            attempt(&event, |event| observer(event));
        }
    }
}

/// Calls an observer. A recorder of metrics and a subscriber of traces are code of the app, too.
fn attempt(event: &Event<'_>, observer: impl Fn(&Event<'_>)) {
    if catch_unwind(AssertUnwindSafe(|| observer(event))).is_err() {
        log::error!("jwt-auth: an observer panicked at the event `{}`", event.name());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn an_observer_that_panics_affects_no_other() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&seen);
        let first: Observer = Arc::new(|_| panic!("this observer has a bug"));
        let second: Observer =
            Arc::new(move |event| told.lock().expect("no panic while locked").push(event.name()));
        Observers::new(&[first, second]).emit(Event::FeedRestored);
        assert_eq!(*seen.lock().expect("no panic while locked"), ["feed_restored"]);
    }
}
