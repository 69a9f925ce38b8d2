//! Recorded events.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jwt_auth::Event;
use serde_json::Value;

/// The events of an app, as JSON.
#[derive(Clone, Default)]
pub struct Events(Arc<Mutex<Vec<Value>>>);

impl Events {
    /// Returns an observer that records events.
    pub fn observer(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let events = self.clone();
        move |event| events.lock().push(serde_json::to_value(event).expect("an event serializes"))
    }

    /// Returns the events since the last call.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.lock())
    }

    /// Returns the names of the events since the last call, each with its reason, such as `rejected expired`.
    pub fn names(&self) -> Vec<String> {
        let text = |event: &Value, field: &str| event[field].as_str().map(str::to_owned);
        let name = |event: &Value| match (text(event, "event"), text(event, "reason")) {
            (Some(name), Some(reason)) => format!("{name} {reason}"),
            (name, _) => name.unwrap_or_default(),
        };
        self.take().iter().map(name).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
