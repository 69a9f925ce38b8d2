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

    /// Tells all observers about an event. An observer that panics does not fail the request.
    pub(crate) fn emit(&self, event: Event<'_>) {
        super::record::record(&event);
        #[cfg(feature = "metrics")]
        super::metrics::count(&event);
        for observer in &*self.0 {
            if catch_unwind(AssertUnwindSafe(|| observer(&event))).is_err() {
                log::error!("jwt-auth: an observer panicked at the event `{}`", event.name());
            }
        }
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
