//! What was found out about one token, so that it is found out once.

use std::any::Any;
use std::sync::OnceLock;

use super::Signed;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::keyring::{Keyring, TokenKind};

/// What became of the signature of one token by the keys of each issuer that was asked for, and the claims that
/// were read first.
pub(crate) struct Signatures {
    own: OnceLock<Result<Signed, InvalidToken>>,
    others: Box<[OnceLock<Result<String, InvalidToken>>]>,
    /// An `Auth` of some claims.
    auth: OnceLock<Box<dyn Any + Send + Sync>>,
    /// How often keys had changed before it was looked at.
    changes: u64,
    /// When the next key is retired.
    retirement: Option<Timestamp>,
}

impl Signatures {
    pub(crate) fn new(keyring: &Keyring) -> Self {
        Self {
            changes: keyring.changes(),
            retirement: keyring.next_retirement(),
            own: OnceLock::new(),
            others: keyring.others.iter().map(|_| OnceLock::new()).collect(),
            auth: OnceLock::new(),
        }
    }

    /// The payload, if a key of the app's own signed the token. `verify` finds that out.
    pub(super) fn own(
        &self,
        verify: impl FnOnce() -> Result<Signed, InvalidToken>,
    ) -> Result<&Signed, InvalidToken> {
        self.own.get_or_init(verify).as_ref().map_err(InvalidToken::clone)
    }

    /// Likewise, of the other issuer of this number.
    pub(super) fn other(
        &self,
        number: usize,
        verify: impl FnOnce() -> Result<String, InvalidToken>,
    ) -> Result<&str, InvalidToken> {
        self.others[number].get_or_init(verify).as_deref().map_err(InvalidToken::clone)
    }

    /// The claims, if they were read before as such.
    pub(crate) fn auth<C: Claims>(&self) -> Option<&Auth<C>> {
        self.auth.get()?.downcast_ref()
    }

    /// Keeps the claims, if they are the first that were read.
    pub(crate) fn keep<C: Claims>(&self, auth: &Auth<C>) {
        // Whatever was first is kept: a token is rarely read as two kinds of claims.
        let _ = self.auth.set(Box::new(auth.clone()));
    }

    /// Whether what was found out holds for another request as well. Only that the token is good does. One of
    /// fastapi_framework is looked at each time, since more than its `sub` may say whom it is about.
    pub(super) fn may_be_remembered(&self) -> bool {
        let own = match self.own.get() {
            None => true,
            Some(own) => matches!(own, Ok(signed) if signed.kind == TokenKind::Access),
        };
        own && self.others.iter().all(|other| !matches!(other.get(), Some(Err(_))))
    }

    /// Whether it still holds: no key has changed since, and none was retired.
    pub(super) fn holds(&self, keyring: &Keyring) -> bool {
        self.changes == keyring.changes() && self.retirement.is_none_or(|end| keyring.own.clock().now() < end)
    }
}
