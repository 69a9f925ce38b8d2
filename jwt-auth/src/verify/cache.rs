//! The token cache, so that a token that was seen before is not verified again.
//!
//! An entry proves that a signature is valid, and contains the claims. Whether the token is still valid is checked each
//! time: its dates, its revocation, and whether the keys are still the ones that verified it.

use std::sync::{Arc, OnceLock};

use foldhash::quality::RandomState;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};

use super::claims_type::ClaimsType;
use super::signature::VerifiedPayload;
use crate::auth::AnyAuth;
use crate::clock::Timestamp;
use crate::config::TokenCacheSettings;
use crate::error::InvalidToken;
use crate::keyring::Keyring;

/// A bounded cache of tokens. The key is the whole text of the token.
pub(super) struct TokenCache {
    tokens: Option<Tokens>,
}

type Tokens = Cache<Box<str>, Arc<CacheEntry>, Size, RandomState>;

impl TokenCache {
    pub(super) fn new(settings: TokenCacheSettings) -> Self {
        let bytes = settings.bytes;
        let items = usize::try_from(bytes / Size::LEAST).unwrap_or(usize::MAX);
        let cache = || Cache::with(items, bytes, Size, RandomState::default(), DefaultLifecycle::default());
        Self { tokens: (bytes > 0).then(cache) }
    }

    /// Returns whether tokens are cached.
    pub(super) fn is_on(&self) -> bool {
        self.tokens.is_some()
    }

    /// Returns the entry of a token, unless the keys have changed since it was created.
    pub(super) fn get(&self, token: &str, keyring: &Keyring) -> Option<Arc<CacheEntry>> {
        let tokens = self.tokens.as_ref()?;
        let found = tokens.get(token)?;
        if found.is_current(keyring) {
            return Some(found);
        }
        tokens.remove(token);
        None
    }

    /// Inserts the entry of a valid token, with its claims.
    pub(super) fn insert(&self, token: &str, entry: &Arc<CacheEntry>, auth: &AnyAuth) {
        if let Some(tokens) = &self.tokens
            && entry.may_be_cached()
        {
            // Only the first type is kept, because a token is rarely read as two types.
            let _ = entry.auth.set(auth.clone());
            tokens.insert(token.into(), Arc::clone(entry));
        }
    }
}

/// Everything known about one token: the results of its signature checks, and its claims as the type that was read
/// first.
pub(crate) struct CacheEntry {
    own: OnceLock<Result<VerifiedPayload, InvalidToken>>,
    trusted: Box<[OnceLock<Result<String, InvalidToken>>]>,
    /// The claims as some type.
    auth: OnceLock<AnyAuth>,
    /// The change counter of the keyring before the keys were read.
    changes: u64,
    /// When the next key is retired.
    retirement: Option<Timestamp>,
}

impl CacheEntry {
    pub(super) fn new(keyring: &Keyring) -> Self {
        Self {
            changes: keyring.changes(),
            retirement: keyring.next_retirement(),
            own: OnceLock::new(),
            trusted: keyring.trusted.iter().map(|_| OnceLock::new()).collect(),
            auth: OnceLock::new(),
        }
    }

    /// Returns the payload if a key of the app signed the token. Calls `verify` to check that the first time.
    pub(super) fn own(
        &self,
        verify: impl FnOnce() -> Result<VerifiedPayload, InvalidToken>,
    ) -> Result<&VerifiedPayload, InvalidToken> {
        self.own.get_or_init(verify).as_ref().map_err(InvalidToken::clone)
    }

    /// Returns the payload if a key of the trusted issuer with this number signed the token. Calls `verify` to check
    /// that the first time.
    pub(super) fn trusted(
        &self,
        number: usize,
        verify: impl FnOnce() -> Result<String, InvalidToken>,
    ) -> Result<&str, InvalidToken> {
        self.trusted[number].get_or_init(verify).as_deref().map_err(InvalidToken::clone)
    }

    /// Returns the claims if the token was read as this type before.
    pub(super) fn auth(&self, claims: &ClaimsType) -> Option<&AnyAuth> {
        self.auth.get().filter(|auth| claims.is_of(auth))
    }

    /// Returns whether another request can use the entry. Tokens of fastapi_framework are not cached, because claims
    /// other than `sub` may contain their subject.
    fn may_be_cached(&self) -> bool {
        let own = match self.own.get() {
            None => true,
            Some(own) => matches!(own, Ok(payload) if !payload.is_legacy),
        };
        own && self.trusted.iter().all(|issuer| !matches!(issuer.get(), Some(Err(_))))
    }

    /// Returns whether no key has been replaced or retired since the entry was created.
    fn is_current(&self, keyring: &Keyring) -> bool {
        self.changes == keyring.changes() && self.retirement.is_none_or(|end| keyring.own.clock().now() < end)
    }
}

/// The approximate size of an entry: the token, its payload, the claims and their containers.
#[derive(Clone)]
struct Size;

impl Size {
    /// The size of the containers.
    const LEAST: u64 = 512;
}

impl Weighter<Box<str>, Arc<CacheEntry>> for Size {
    fn weight(&self, token: &Box<str>, _: &Arc<CacheEntry>) -> u64 {
        Self::LEAST + 3 * token.len() as u64
    }
}
