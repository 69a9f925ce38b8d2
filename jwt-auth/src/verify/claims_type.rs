//! A claims type as a value. Code that takes it is compiled once, and not for each claims type.

use super::{CacheEntry, Verifier};
use crate::auth::AnyAuth;
use crate::claims::{Claims, Profile};
use crate::error::AuthError;

/// A claims type, and how tokens are read as it.
pub(crate) struct ClaimsType {
    /// Its profiles, in order.
    pub(super) profiles: &'static [Profile],
    read: fn(&Verifier, &str, &CacheEntry) -> Result<AnyAuth, AuthError>,
    is_of: fn(&AnyAuth) -> bool,
}

impl ClaimsType {
    /// Returns the claims type `C`.
    pub(crate) const fn of<C: Claims>() -> &'static Self {
        const {
            &Self {
                profiles: C::CODEC.profiles(),
                read: |verifier, token, entry| {
                    let (claims, info) = verifier.claims::<C>(token, entry)?;
                    Ok(AnyAuth::new(claims, info))
                },
                is_of: AnyAuth::is::<C>,
            }
        }
    }

    /// Verifies an access token and reads its claims.
    pub(super) fn read(
        &self,
        verifier: &Verifier,
        token: &str,
        entry: &CacheEntry,
    ) -> Result<AnyAuth, AuthError> {
        (self.read)(verifier, token, entry)
    }

    /// Returns whether the claims have this type.
    pub(super) fn is_of(&self, auth: &AnyAuth) -> bool {
        (self.is_of)(auth)
    }
}
