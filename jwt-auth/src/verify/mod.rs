//! Verifies tokens as RFC 8725 requires.
//!
//! `jsonwebtoken::decode` is not used because it does not check `crit`, `typ` or `iat`, and treats registered claims of
//! the wrong type as absent.

mod audience;
mod cache;
mod checks;
mod claims_type;
pub(crate) mod fastapi_framework;
mod id_token;
mod inspect;
#[cfg(feature = "remote")]
mod issuer_keys;
mod named;
mod profiles;
mod signature;

use std::sync::Arc;
use std::time::Duration;

use crate::auth::{AnyAuth, TokenInfo};
use crate::claims::Claims;
use crate::clock::{Clock, Timestamp};
use crate::config::{TokenCacheSettings, TokenSettings};
use crate::error::AuthError;
use crate::jws::TokenType;
use crate::keyring::Keyring;
use crate::owner::OwnerDigest;
use crate::revocation::Revocations;
use cache::TokenCache;

pub(crate) use cache::CacheEntry;
pub(crate) use claims_type::ClaimsType;
pub(crate) use signature::VerifiedPayload;

/// Verifies tokens against the keyring, the settings and the revocations.
pub(crate) struct Verifier {
    keyring: Arc<Keyring>,
    revocations: Arc<Revocations>,
    clock: Arc<dyn Clock>,
    cache: TokenCache,
    settings: TokenSettings,
    /// The audience of refresh tokens.
    refresh_audience: Vec<String>,
    /// Whether tokens of fastapi_framework are accepted.
    accepts_legacy: bool,
}

impl Verifier {
    pub(crate) fn new(
        keyring: Arc<Keyring>,
        revocations: Arc<Revocations>,
        clock: Arc<dyn Clock>,
        settings: TokenSettings,
        cache: TokenCacheSettings,
        accepts_legacy: bool,
    ) -> Self {
        let cache = TokenCache::new(cache);
        let refresh_audience = settings.refresh_audience();
        Self { keyring, revocations, clock, cache, settings, refresh_audience, accepts_legacy }
    }

    pub(crate) fn access_ttl(&self) -> Duration {
        self.settings.access_ttl
    }

    pub(crate) fn leeway(&self) -> Duration {
        self.settings.leeway
    }

    /// Verifies an access token that did not come with a request.
    pub(crate) fn verify(&self, token: &str, claims: &ClaimsType) -> Result<AnyAuth, AuthError> {
        if self.cache.is_on() {
            return self.authenticate(token, &self.entry(token), claims);
        }
        claims.read(self, token, &CacheEntry::new(&self.keyring))
    }

    /// Returns the cache entry of a token, or a new entry.
    pub(crate) fn entry(&self, token: &str) -> Arc<CacheEntry> {
        let cached = self.cache.get(token, &self.keyring);
        cached.unwrap_or_else(|| CacheEntry::new(&self.keyring).into())
    }

    /// Verifies an access token. The entry keeps the result for other guards, and the cache keeps it for other
    /// requests.
    pub(crate) fn authenticate(
        &self,
        token: &str,
        entry: &Arc<CacheEntry>,
        claims: &ClaimsType,
    ) -> Result<AnyAuth, AuthError> {
        if let Some(auth) = entry.auth(claims) {
            let owner = || self.owner(auth.token().kind, &auth.subject());
            self.check_in_force(auth.token(), self.clock.now(), &owner)?;
            return Ok(auth.clone());
        }
        let auth = claims.read(self, token, entry)?;
        self.cache.insert(token, entry, &auth);
        Ok(auth)
    }

    /// Verifies an access token and reads its claims again, for a caller that needs them by value.
    pub(crate) fn claims<C: Claims>(
        &self,
        token: &str,
        entry: &CacheEntry,
    ) -> Result<(C, TokenInfo), AuthError> {
        let number = match C::CODEC.len() {
            1 => 0,
            _ => self.select_profile(C::CODEC.profiles(), token)?,
        };
        let profile = C::CODEC.profile(number);
        match profile.issuer {
            None => self.own_claims(entry.own(|| self.access_signature(token))?, number),
            Some(name) => {
                let (issuer_number, issuer) = self.trusted_issuer(profile, name)?;
                let json = entry.trusted(issuer_number, || self.trusted_signature(issuer, token))?;
                Ok(self.check_trusted(issuer, json, number, self.clock.now())?)
            }
        }
    }

    /// Checks an access token of this app whose signature is valid.
    fn own_claims<C: Claims>(
        &self,
        payload: &VerifiedPayload,
        number: usize,
    ) -> Result<(C, TokenInfo), AuthError> {
        let now = self.clock.now();
        let (claims, info) = match payload.is_legacy {
            true => self.check_legacy::<C>(&payload.json, number, now)?,
            false => self.check_own::<C>(&payload.json, number, TokenType::Access)?,
        };
        let info = self.capped(info);
        self.check_in_force(&info, now, &|| self.owner(info.kind, &claims.subject()))?;
        if payload.is_legacy {
            for subject in fastapi_framework::subjects(&payload.json, C::CODEC.profile(number)) {
                self.revocations.check(&info, || self.owner(info.kind, &subject))?;
            }
        }
        Ok((claims, info))
    }

    /// Checks the dates of a token, and that it was not revoked. `owner` is called only if there are revocations for which
    /// it could matter.
    fn check_in_force(
        &self,
        info: &TokenInfo,
        now: Timestamp,
        owner: &dyn Fn() -> OwnerDigest,
    ) -> Result<(), AuthError> {
        info.validity.check(now)?;
        self.revocations.check(info, owner)
    }

    /// Limits the validity of a token of this app. Revocations are forgotten after this time, so no token is valid for
    /// longer, whatever its `exp` says, except for those that the store is asked about.
    fn capped(&self, info: TokenInfo) -> TokenInfo {
        if info.is_long_lived() {
            return info;
        }
        let remembered = info.issued_at + self.settings.access_ttl + self.settings.leeway;
        TokenInfo { validity: info.validity.capped(remembered), ..info }
    }

    /// Returns the digest of the owner of a token of this app.
    fn owner(&self, kind: Option<&str>, subject: &str) -> OwnerDigest {
        OwnerDigest::of(self.settings.issuer.as_deref(), kind, subject)
    }
}
