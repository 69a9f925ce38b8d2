//! The tables of forged tokens. Each differs from a valid token in one respect, and is signed with the right key
//! unless stated otherwise, so it can be rejected only for that difference.

mod claims;
mod header;
mod serialization;

use jwt_auth_tests::Forge;

/// What is wrong with the token, the source (an RFC and its section, or a CVE), how to forge it from a valid
/// token, and how it is rejected.
pub(crate) type Forgery = (&'static str, &'static str, fn(&Forge) -> String, Rejection);

/// How a protected route rejects a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rejection {
    /// 401 `invalid_token`.
    Invalid,
    /// 401 `invalid_token`; the description says that the token has expired.
    Expired,
    /// 401 `invalid_token`; the description says that the token is not valid yet.
    NotYet,
    /// 400: the text after `Bearer` is not well formed (RFC 6750, section 2.1).
    Malformed,
}

/// All forgeries.
pub(crate) fn all() -> impl Iterator<Item = Forgery> {
    [header::FORGERIES, serialization::FORGERIES, claims::FORGERIES].into_iter().flatten().copied()
}

pub(crate) use header::TYPES;
pub(crate) use serialization::P256_ORDER;
