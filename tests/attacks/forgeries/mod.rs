//! The tables of forged tokens. Each is one step away from a good one, and signed with the right key
//! unless it says otherwise: what is refused is refused for that step alone.

mod claims;
mod form;
mod header;

use jwt_auth_tests::Forge;

/// What is wrong with it, what says so (an RFC and its section, or a library that took it), how the token is made
/// of a good one, and how it is refused.
pub(crate) type Forgery = (&'static str, &'static str, fn(&Forge) -> String, Refusal);

/// How a protected route refuses a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// 401 `invalid_token`.
    Invalid,
    /// The same, and it says that the token has expired.
    Expired,
    /// The same, and it says that the token is not valid yet.
    NotYet,
    /// 400: what follows `Bearer` has not the form of a token (RFC 6750, section 2.1).
    Malformed,
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Forgery> {
    [header::FORGERIES, form::FORGERIES, claims::FORGERIES].into_iter().flatten().copied()
}

pub(crate) use form::P256_ORDER;
pub(crate) use header::TYPES;
