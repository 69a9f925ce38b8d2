//! The operations on the SET `refresh_tokens`.

use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::jws::half_sha256;

/// A digest that identifies a subject without revealing it. The other service has neither apps nor kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SubjectDigest([u8; 16]);

impl SubjectDigest {
    pub(super) fn of(text: &str) -> Self {
        Self(half_sha256(text))
    }

    pub(super) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// A refresh token that may be in the SET.
#[derive(Clone, Copy)]
pub(crate) struct Member<'t> {
    pub(crate) token: &'t str,
    pub(crate) subject: SubjectDigest,
    /// In seconds since 1970, as in the token.
    pub(crate) exp: u64,
}

/// The result of removing a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    /// This call removed it.
    Done,
    /// Another request removed it, and is about to begin a session with it.
    InProgress,
    /// It is absent, or its subject's tokens were revoked.
    Absent,
}

/// The SET and, for each subject, the `exp` up to which its tokens are revoked. Every operation is one atomic step, and
/// can be repeated.
#[async_trait]
pub(crate) trait TokenSet: Send + Sync + 'static {
    /// Adds a token. If it would already be revoked, returns the `exp` up to which the tokens of its subject are
    /// revoked, and adds nothing.
    async fn add(&self, member: Member<'_>) -> Result<Option<u64>, StoreError>;

    /// Returns whether a token is in the SET and not revoked.
    async fn contains(&self, member: Member<'_>) -> Result<bool, StoreError>;

    /// Replaces a token that is in the SET and not revoked with `next`, which is unique. Returns whether it did.
    async fn rotate(&self, presented: Member<'_>, next: &str) -> Result<bool, StoreError>;

    /// Removes a token. With a `claim`, the caller is about to begin a session with the token. Until that session [has
    /// begun](Self::has_begun), other callers get [`Removal::InProgress`].
    async fn take(&self, member: Member<'_>, claim: Option<Uuid>) -> Result<Removal, StoreError>;

    /// Records that the session of a removed token has begun. Returns the `exp` up to which the tokens of its subject
    /// have been revoked in the meantime.
    async fn has_begun(&self, member: Member<'_>) -> Result<Option<u64>, StoreError>;

    /// Revokes the tokens of a subject up to this `exp`. They stay in the SET, but are rejected from now on.
    async fn revoke(&self, subject: SubjectDigest, exp: u64) -> Result<(), StoreError>;

    /// Returns the `exp` up to which the tokens of each subject are revoked.
    async fn revoked(&self, subjects: &[SubjectDigest]) -> Result<Vec<Option<u64>>, StoreError>;

    /// Returns the number of tokens.
    async fn len(&self) -> Result<u64, StoreError>;

    /// Returns some of the members, and the cursor for more. The cursor begins and ends with 0.
    async fn scan(&self, cursor: u64) -> Result<(u64, Vec<Vec<u8>>), StoreError>;

    /// Removes these members. Returns how many existed.
    async fn remove(&self, members: &[Vec<u8>]) -> Result<u64, StoreError>;

    /// Returns `true` to only one process per interval: the one that sweeps.
    async fn is_to_sweep(&self, once_in: Duration) -> Result<bool, StoreError>;
}
