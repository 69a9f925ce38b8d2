//! Request guards, which lead from a request to a decision about its bearer.
//!
//! Guards fail with an error and never forward, so no route of a lower precedence replaces one that rejected the
//! request. The only exception is a condition of a policy whose parameter does not parse, because the handler's own
//! parameter would forward, too.

#[cfg(feature = "testing")]
pub(crate) mod audit;
mod auth;
mod authorized;
mod bearer;
mod catcher;
mod challenge;
mod claims_guard;
mod credentials;
mod cross_site;
mod current_session;
mod error_body;
mod launch;
mod login_page;
mod maybe;
mod next;
mod outgoing;
mod parameter;
mod renewal;
mod report;
mod request_error;
mod response;
mod route_guard;
mod signed_in;
mod state;
mod throttle;
mod token;
mod toolkit;
mod vary;

pub(crate) use auth::{claims_by_ref, claims_by_value};
pub use authorized::Authorized;
pub use bearer::BearerToken;
pub use catcher::{Catchers, catchers};
#[cfg(feature = "utoipa")]
pub(crate) use challenge::is_challenged;
pub use credentials::Credentials;
pub use cross_site::SameOrigin;
pub(crate) use cross_site::is_program;
pub use current_session::CurrentSession;
pub use error_body::ErrorBody;
#[cfg(feature = "utoipa")]
pub(crate) use error_body::Fields as ErrorFields;
pub(crate) use launch::{abort_without_fairing, abort_without_issuer};
pub(crate) use login_page::SignInAgain;
pub use maybe::MaybeAuth;
pub use next::Next;
pub(crate) use renewal::expire_if_ended;
pub(crate) use response::complete;
pub use signed_in::{ExpiresIn, SignedIn, SignedOut};
pub(crate) use state::jwt_auth;
pub use throttle::Throttle;

/// Items that generated code uses.
pub(crate) mod private {
    pub use super::claims_guard::{GuardType, OtherType};
    pub use super::parameter::{Met, assert_rejects_invalid_tokens, assert_shares_tokens};
    pub use super::route_guard::{
        GuardedRoute, Guarding, RouteGuard, auth, decides, decides_for, decides_for_maybe, maybe_auth,
    };
}
