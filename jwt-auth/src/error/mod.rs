//! What can go wrong, by who hears of it: a request, the operator at launch, the code at the store.

mod auth;
mod chain;
mod startup;
mod store;

pub use auth::{AuthError, InvalidGrant, InvalidRequest, InvalidToken};
pub(crate) use chain::Chain;
pub use startup::StartupError;
pub use store::StoreError;
