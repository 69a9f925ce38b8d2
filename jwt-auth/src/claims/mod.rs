//! Claims: the app's own data in a token, and the registered claims of RFC 7519.

mod codec;
mod data;
mod kinds;
mod lookup;
mod nested;
mod profile;
mod readable;
mod registered;
mod sign_in;
mod split;
mod subject;
mod subject_claims;
pub(crate) mod traits;
mod version;
mod write;

pub(crate) use codec::{Decoded, Payload};
pub use data::ClaimsData;
pub(crate) use data::to_json;
pub(crate) use kinds::Kinds;
pub(crate) use lookup::claim;
pub(crate) use profile::Profile;
pub(crate) use readable::read_back;
pub(crate) use registered::{Audience, NumericDate, Registered};
pub(crate) use sign_in::SignInClaims;
pub(crate) use split::Dialect;
pub use subject_claims::SubjectClaims;
pub(crate) use traits::Claims;
pub use traits::{HasRoles, HasScope, RolesValue, ScopeValue, Subject};
pub(crate) use write::{Body, OneOrMany, Stamp};

/// The items that the derive macros refer to.
pub(crate) mod private {
    pub use super::codec::{Codec, Decoded, Payload, assert_profiles_differ};
    pub use super::kinds::Kinds;
    pub use super::nested::{Nested, NestedMap, NestedValue, nested_roles, nested_scopes};
    pub use super::profile::Profile;
    pub use super::version::{Earlier, NotReadable, upgrade};
    pub use super::write::Body;
}

#[cfg(test)]
mod tests;
