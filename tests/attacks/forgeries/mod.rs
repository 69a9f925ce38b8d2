//! Tables of forged tokens. Each differs from a valid token in one respect. Unless stated otherwise, it is signed with
//! the right key, so that difference is the only reason to reject it.

mod claims;
mod header;
mod serialization;

use jwt_auth_tests::Forge;

/// The flaw, its source (an RFC and its section, or a CVE), a function that forges the token from a valid one, and the
/// expected rejection.
pub(crate) type Forgery = (&'static str, &'static str, fn(&Forge) -> String, Rejection);

/// How a protected route rejects a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rejection {
    /// 401 `invalid_token`.
    Invalid,
    /// 401 `invalid_token`, with a description that says that the token has expired.
    Expired,
    /// 401 `invalid_token`, with a description that says that the token is not valid yet.
    NotYet,
    /// 400: the text after `Bearer` is not well formed (RFC 6750, section 2.1).
    Malformed,
}

/// Returns all forgeries.
pub(crate) fn all() -> impl Iterator<Item = Forgery> {
    [header::FORGERIES, serialization::FORGERIES, claims::FORGERIES].into_iter().flatten().copied()
}

pub(crate) use header::TYPES;
pub(crate) use serialization::P256_ORDER;
