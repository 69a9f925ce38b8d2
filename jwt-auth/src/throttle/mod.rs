//! Limits on attempts to sign in. A network has a budget for all its attempts. An account has a budget for the failed
//! attempts from each network, and one for those from all networks that are new to it. So a guesser with many addresses
//! slows down strangers, but not the owner, who signs in from a known network.
//!
//! The functions here are pure: stores keep the state, and the session layer makes the calls.

mod account;
mod attempts;
mod bytes;
mod gcra;
mod network;
mod networks;
mod proxies;

pub use self::account::{Account, AccountDigest};
pub use self::attempts::{Attempt, AttemptLimits, Attempts, Reservation};
#[cfg(feature = "redis")]
pub(crate) use self::gcra::SKEW;
pub use self::network::Network;
pub(crate) use self::networks::Networks;
pub(crate) use self::proxies::Proxies;
