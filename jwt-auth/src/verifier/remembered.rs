//! Tokens whose signature was good, remembered: the second request with a token costs no verification.
//!
//! Only that a signature is good is remembered, with the claims that were read. Whether the token is good *now* is
//! found out each time: its dates, its revocation, and whether the keys are still those that verified it.

use std::sync::Arc;

use foldhash::quality::RandomState;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};

use super::Signatures;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::config::TokenCache;
use crate::keyring::Keyring;

/// A bounded memory of tokens, by their whole text: nothing less decides which one it is.
pub(crate) struct Remembered {
    tokens: Option<Tokens>,
    /// Whether tokens are remembered also where all keys are secrets.
    secrets: bool,
}

type Tokens = Cache<Box<str>, Arc<Signatures>, Size, RandomState>;

impl Remembered {
    pub(crate) fn new(settings: TokenCache) -> Self {
        let bytes = settings.bytes;
        let items = usize::try_from(bytes / Size::LEAST).unwrap_or(usize::MAX);
        let cache = || Cache::with(items, bytes, Size, RandomState::default(), DefaultLifecycle::default());
        Self { tokens: (bytes > 0).then(cache), secrets: settings.secrets }
    }

    /// Whether tokens verified by these keys are remembered.
    pub(crate) fn is_on(&self, keyring: &Keyring) -> bool {
        self.tokens(keyring).is_some()
    }

    /// What was found out about this token, if that still holds.
    pub(crate) fn get(&self, token: &str, keyring: &Keyring) -> Option<Arc<Signatures>> {
        let tokens = self.tokens(keyring)?;
        let found = tokens.get(token)?;
        if found.holds(keyring) {
            return Some(found);
        }
        tokens.remove(token);
        None
    }

    /// Remembers what was found out about a token that is good, with its claims.
    pub(crate) fn insert<C: Claims>(
        &self,
        token: &str,
        signatures: &Arc<Signatures>,
        auth: &Auth<C>,
        keyring: &Keyring,
    ) {
        if let Some(tokens) = self.tokens(keyring)
            && signatures.may_be_remembered()
        {
            signatures.keep(auth);
            tokens.insert(token.into(), Arc::clone(signatures));
        }
    }

    fn tokens(&self, keyring: &Keyring) -> Option<&Tokens> {
        self.tokens.as_ref().filter(|_| self.secrets || keyring.has_public_keys())
    }
}

/// About what one takes: its text, its payload and the claims, and what holds them.
#[derive(Clone)]
struct Size;

impl Size {
    /// What holds them.
    const LEAST: u64 = 512;
}

impl Weighter<Box<str>, Arc<Signatures>> for Size {
    fn weight(&self, token: &Box<str>, _: &Arc<Signatures>) -> u64 {
        Self::LEAST + 3 * token.len() as u64
    }
}
