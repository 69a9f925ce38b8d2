//! JWT auth for Rocket.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod claims;
pub mod clock;
mod config;
mod error;
mod fairing;
mod guard;
mod issuer;
mod jwt_auth;
mod keyring;
pub mod policy;
mod refresh;
mod revocation;
pub mod store;
mod verifier;

#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private.rs"]
pub mod __private;

pub use claims::Claims;
pub use error::{AuthError, InvalidGrant, InvalidRequest, InvalidToken, StartupError};
pub use fairing::Fairing;
pub use guard::{Auth, Authorized, BearerToken, MaybeAuth, catchers};
pub use jwt_auth::JwtAuth;
#[cfg(feature = "macros")]
pub use jwt_auth_macros::{Claims, public, require_auth, routes};
pub use keyring::{Jwks, PublicJwk};
pub use policy::{Access, Denied, Policy, Requirement, RoutePolicy};
pub use refresh::{Device, GenerateTokens, Loaded, Session, TokenPair};
