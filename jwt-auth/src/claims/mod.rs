//! What a token says about its bearer: the user's own claims, and the registered ones of RFC 7519.

mod kind;
mod names;
mod read;
mod registered;
mod sign_in;
mod subject;
mod version;
mod write;

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AuthError;
use crate::verifier::{Candidate, Verified};
#[doc(hidden)]
pub use kind::{Kind, assert_kinds_differ};
pub(crate) use names::claim;
pub(crate) use read::{read, read_foreign, read_of_other_issuer};
pub use registered::BareClaims;
pub(crate) use registered::{Audience, NumericDate, Registered, Text};
pub(crate) use sign_in::SignIn;
#[doc(hidden)]
pub use version::{Earlier, NotReadable, upgrade};
#[doc(hidden)]
pub use write::Body;
pub(crate) use write::{OneOrMany, Stamp};

/// The data that an access token carries about a user.
///
/// Implemented by [`#[derive(Claims)]`](macro@crate::Claims), which also makes the type a request
/// guard. By hand, only the subject is needed:
///
/// ```
/// use jwt_auth::Claims;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Device { serial: String }
///
/// impl Claims for Device {
///     const SUBJECT_FIELD: Option<&'static str> = Some("serial");
///     fn subject(&self) -> String { self.serial.clone() }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a claims type",
    label = "these are not claims",
    note = "add `#[derive(Claims, Serialize, Deserialize)]` and mark one field `#[claims(subject)]`"
)]
pub trait Claims: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The field, as serde names it, that *is* the subject. In a token it stands once, as the
    /// string `sub` (RFC 7519, section 4.1.2). With `None`, the default, the data stands in the
    /// token as it serializes and `sub` is added to it; a token whose two differ is refused.
    const SUBJECT_FIELD: Option<&'static str> = None;

    /// The version of the type. From 2 on, tokens carry it as `ver`; one without is of version 1, and one of
    /// another version is refused. With `None`, the default, `ver` is a claim like any other.
    const VERSION: Option<u32> = None;

    /// Who issues the tokens: with `None`, the default, the app itself. Of others only what the setting `issuers`
    /// names counts: a token is then verified by that issuer's keys, and by no others.
    const ISSUER: Option<&'static str> = None;

    /// The audience that a token must name (`aud`). With `None`, the default, that of the settings.
    const AUDIENCE: Option<&'static str> = None;

    /// The tokens that it is read from: of a struct one kind, of an enum one for each variant.
    #[doc(hidden)]
    const KINDS: &'static [Kind] = &[Kind::of::<Self>()];

    /// Whom the token is about: the id under which the user's sessions are kept.
    fn subject(&self) -> String;

    /// Verifies a token of any of its kinds.
    #[doc(hidden)]
    fn verify(token: &Candidate<'_>) -> Result<Verified<Self>, AuthError> {
        token.verify()
    }

    /// Writes what a token says.
    #[doc(hidden)]
    fn body(&self) -> Result<Body, AuthError> {
        Body::of(self)
    }

    /// Reads claims that were signed when the type was of another version.
    #[doc(hidden)]
    fn upgrade(version: u32, earlier: Earlier<'_, '_>) -> Result<Self, NotReadable> {
        Err(earlier.unknown::<Self>(version))
    }
}

/// Claims that say which roles their bearer holds: those with a `#[claims(roles)]` field, and an enum with
/// `#[claims(roles)]` above it, whose variants all have roles of one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no roles",
    label = "a role is required of these claims",
    note = "mark the field that holds them with `#[claims(roles)]`; on an enum of claims, write that above it"
)]
pub trait HasRoles {
    /// One role: an enum of the app's, or a string.
    type Role: 'static;

    /// The roles held.
    fn roles(&self) -> impl Iterator<Item = &Self::Role>;
}

/// Claims that say what their bearer may do, by OAuth scopes (RFC 6749, section 3.3): those with a
/// `#[claims(scope)]` field, and an enum with `#[claims(scope)]` above it, whose variants all have one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no scope",
    label = "a scope is required of these claims",
    note = "mark the field that holds it with `#[claims(scope)]`; on an enum of claims, write that above it"
)]
pub trait HasScope {
    /// The scopes held, one by one.
    fn scopes(&self) -> impl Iterator<Item = &str>;
}

/// What can identify a user: anything that displays as a string and can be read back from it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a subject",
    label = "this is not a subject",
    note = "`sub` is a string in a token, so a subject must implement `Display` and `FromStr`"
)]
pub trait Subject: Display + FromStr {}

#[diagnostic::do_not_recommend]
impl<T: Display + FromStr> Subject for T {}

/// A value that holds scopes: a space-separated string (RFC 8693, section 4.2), or a list of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold scopes",
    label = "this is not a scope",
    note = "use a `String` of scopes separated by spaces, or a list such as `Vec<String>`"
)]
pub trait ScopeValue {
    /// The scopes held, one by one.
    fn scopes(&self) -> impl Iterator<Item = &str>;
}

impl ScopeValue for String {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.split_ascii_whitespace()
    }
}

impl<T: ScopeValue> ScopeValue for Vec<T> {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.iter().flat_map(ScopeValue::scopes)
    }
}

impl<T: ScopeValue> ScopeValue for std::collections::BTreeSet<T> {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.iter().flat_map(ScopeValue::scopes)
    }
}

impl<T: ScopeValue, S> ScopeValue for std::collections::HashSet<T, S> {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.iter().flat_map(ScopeValue::scopes)
    }
}

impl<T: ScopeValue> ScopeValue for Option<T> {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.iter().flat_map(ScopeValue::scopes)
    }
}

#[cfg(test)]
mod tests;
