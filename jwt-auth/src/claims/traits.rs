//! The traits that claims types implement.

use std::fmt::Display;
use std::str::FromStr;

use super::codec::Codec;
use super::data::ClaimsData;

/// The data about a user in an access token.
///
/// [`#[derive(Claims)]`](macro@crate::Claims) implements this trait and makes the type a request guard. A manual
/// implementation needs only the subject:
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
    label = "not a claims type",
    note = "add `#[derive(Claims, Serialize, Deserialize)]`, and mark one field with `#[claims(subject)]`"
)]
pub trait Claims: ClaimsData + Send + Sync + 'static {
    /// The serde name of the field that *is* the subject. A token contains it only once, as the string `sub` (RFC 7519,
    /// section 4.1.2). With `None`, the default, the token contains the serialized data and also `sub`. A token is
    /// rejected if the two disagree.
    const SUBJECT_FIELD: Option<&'static str> = None;

    /// The version of the type. From version 2 on, tokens carry it as `ver`; a token without `ver` has version 1. A
    /// token of another version is rejected. With `None`, the default, `ver` is an ordinary claim.
    const VERSION: Option<u32> = None;

    /// The issuer of the tokens, by the `name` of its table in the setting `issuers`, or by its `issuer` if it has no
    /// name. Only its keys verify the tokens. `None`, the default, means the app itself.
    const ISSUER: Option<&'static str> = None;

    /// The audience that a token must name (`aud`). `None`, the default, means the setting `audience`. For tokens of
    /// the app itself, this is also the kind of the claims: the sessions of one kind are separate from those of
    /// another.
    const AUDIENCE: Option<&'static str> = None;

    /// How the type is read from a payload and written to one. The derive macro sets it for enums and for versions.
    #[doc(hidden)]
    const CODEC: Codec<Self> = Codec::of_struct();

    /// Returns the subject of the token: the id of the user, which is unique within the app and the kind. Never
    /// reassign it to another user: see [`Continued`](crate::Continued).
    fn subject(&self) -> String;
}

/// Claims that contain the roles of their bearer: a struct with a `#[claims(roles)]` field, or an enum with
/// `#[claims(roles)]` whose variants all have roles of one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no roles",
    label = "these claims must have roles",
    note = "mark the field that contains them with `#[claims(roles)]`; for an enum of claims, mark the enum"
)]
pub trait HasRoles {
    /// The type of a role: an enum of the app, or a string.
    type Role: 'static;

    /// Returns the roles of the bearer.
    fn roles(&self) -> impl Iterator<Item = &Self::Role>;
}

/// Claims that contain OAuth scopes (RFC 6749, section 3.3): a struct with a `#[claims(scope)]` field, or an enum with
/// `#[claims(scope)]` whose variants all have one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no scope",
    label = "these claims must have a scope",
    note = "mark the field that contains it with `#[claims(scope)]`; for an enum of claims, mark the enum"
)]
pub trait HasScope {
    /// Returns the scopes, one by one.
    fn scopes(&self) -> impl Iterator<Item = &str>;
}

/// A value that can identify a user: it displays as a string and can be parsed from that string.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a subject",
    label = "not a valid subject",
    note = "the subject is a string in a token, so its type must implement `Display` and `FromStr`"
)]
pub trait Subject: Display + FromStr {}

#[diagnostic::do_not_recommend]
impl<T: Display + FromStr> Subject for T {}

/// A value that contains scopes: a string with scopes separated by spaces (RFC 8693, section 4.2), or a list of such
/// strings.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot hold scopes",
    label = "not a valid type for scopes",
    note = "use a `String` of scopes separated by spaces, or a list such as `Vec<String>`"
)]
pub trait ScopeValue {
    /// Returns the scopes, one by one.
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

impl<T: ScopeValue> ScopeValue for Box<[T]> {
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

/// A value that contains roles of type `R`: a role, or a `Vec`, an array or a set of roles.
///
/// `#[claims(roles = realm_access.roles)]` reads the roles from such a value. Implement the trait for a list type that is
/// not in the standard library:
///
/// ```
/// use jwt_auth::claims::RolesValue;
///
/// struct Role(String);
/// struct Roles { first: Role, others: Vec<Role> }
///
/// impl RolesValue<Role> for Roles {
///     fn roles(&self) -> impl Iterator<Item = &Role> {
///         std::iter::once(&self.first).chain(&self.others)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not contain roles of type `{R}`",
    label = "expected a `{R}`, or a list of them",
    note = "name the type of a role next to the path: `#[claims(roles = …, role_type = Role)]`; without it, roles are strings"
)]
pub trait RolesValue<R: 'static> {
    /// Returns the roles, one by one.
    fn roles(&self) -> impl Iterator<Item = &R>;
}

impl<R: 'static> RolesValue<R> for R {
    fn roles(&self) -> impl Iterator<Item = &R> {
        std::iter::once(self)
    }
}

macro_rules! lists_of_roles {
    ($([$($generics:tt)*] $list:ty),* $(,)?) => {$(
        impl<$($generics)*> RolesValue<R> for $list {
            fn roles(&self) -> impl Iterator<Item = &R> {
                self.iter()
            }
        }
    )*};
}

lists_of_roles![
    [R: 'static] Vec<R>,
    [R: 'static] Box<[R]>,
    [R: 'static, const N: usize] [R; N],
    [R: 'static] std::collections::VecDeque<R>,
    [R: 'static] std::collections::BTreeSet<R>,
    [R: 'static, S] std::collections::HashSet<R, S>,
];
