//! Errors, by audience: the client that sent a request, the operator who launches the app, and the code that uses a
//! store.

mod auth;
mod chain;
mod denial;
mod label;
mod rare;
mod reason;
mod response;
mod startup;
mod store;
mod throttled;

pub use auth::AuthError;
pub(crate) use chain::{Chain, escaped};
pub use denial::{Denial, StepUp};
pub(crate) use rare::count_repeats;
pub use reason::{InvalidGrant, InvalidRequest, InvalidToken, MalformedCredentials};
pub use startup::StartupError;
pub use store::StoreError;
pub use throttled::{ThrottleLimit, Throttled};
