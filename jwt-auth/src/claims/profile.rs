//! The profile of a claims struct: the issuer and the audience of the tokens that it is read from.

use std::any::{TypeId, type_name};

use super::Claims;

/// The tokens that a claims struct is read from.
#[derive(Clone, Copy)]
pub struct Profile {
    pub(crate) issuer: Option<&'static str>,
    pub(crate) audience: Option<&'static str>,
    /// The field that tokens contain as `sub`, if there is one.
    pub(crate) subject_field: Option<&'static str>,
    name: fn() -> &'static str,
    type_id: fn() -> TypeId,
}

impl Profile {
    /// Returns the profile of a struct.
    pub const fn of<C: Claims>() -> Self {
        Self {
            issuer: C::ISSUER,
            audience: C::AUDIENCE,
            subject_field: C::SUBJECT_FIELD,
            name: type_name::<C>,
            type_id: TypeId::of::<C>,
        }
    }

    /// Returns the name of the struct.
    pub(crate) fn name(&self) -> &'static str {
        (self.name)()
    }

    /// Returns whether this is the profile of the struct `C`.
    pub(crate) fn is_of<C: Claims>(&self) -> bool {
        (self.type_id)() == TypeId::of::<C>()
    }

    /// Returns whether tokens of the two profiles cannot be told apart.
    pub(super) const fn is(&self, other: &Self) -> bool {
        same(self.issuer, other.issuer) && same(self.audience, other.audience)
    }

    /// Returns whether a token can belong to both profiles. A token of this app names the audience of one profile. A
    /// trusted issuer can name several audiences in one token.
    pub(super) const fn may_share_token_with(&self, other: &Self) -> bool {
        same(self.issuer, other.issuer) && (self.issuer.is_some() || same(self.audience, other.audience))
    }
}

const fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let (one, other) = match (one, other) {
        (None, None) => return true,
        (Some(one), Some(other)) => (one.as_bytes(), other.as_bytes()),
        _ => return false,
    };
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
