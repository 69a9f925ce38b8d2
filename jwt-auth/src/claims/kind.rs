//! Which tokens a claims type is of: those of one issuer, for one audience.

use std::any::type_name;

use super::Claims;

/// The tokens that one struct of claims is read from.
#[derive(Clone, Copy)]
pub struct Kind {
    pub(crate) issuer: Option<&'static str>,
    pub(crate) audience: Option<&'static str>,
    name: fn() -> &'static str,
}

impl Kind {
    /// That of a struct.
    pub const fn of<C: Claims>() -> Self {
        Self { issuer: C::ISSUER, audience: C::AUDIENCE, name: type_name::<C> }
    }

    /// That of a variant of an enum, by those of what it holds.
    pub const fn of_variant(kinds: &[Self]) -> Self {
        assert!(kinds.len() == 1, "a variant of claims holds one struct of claims, and no enum");
        kinds[0]
    }

    /// The name of the struct.
    pub(crate) fn name(&self) -> &'static str {
        (self.name)()
    }

    const fn is(&self, other: &Self) -> bool {
        same(self.issuer, other.issuer) && same(self.audience, other.audience)
    }
}

/// Sees, when the app is compiled, that tokens tell the variants of an enum apart.
pub const fn assert_kinds_differ(kinds: &[Kind]) {
    let mut one = 0;
    while one < kinds.len() {
        let mut other = 0;
        while other < one {
            assert!(
                !kinds[one].is(&kinds[other]),
                "two variants are of the same issuer and the same audience, so no token says which of them it is: \
                 write `#[claims(issuer = \"…\")]` or `#[claims(audience = \"…\")]` on the struct of one"
            );
            other += 1;
        }
        one += 1;
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
