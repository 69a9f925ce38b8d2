//! What is asked of the SET `refresh_tokens`.

use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::SubjectDigest;

/// A refresh token as it stands in the SET, or may, and what decides about it.
#[derive(Clone, Copy)]
pub(crate) struct Member<'t> {
    pub(crate) token: &'t str,
    pub(crate) subject: SubjectDigest,
    /// In seconds since 1970, as in the token.
    pub(crate) exp: u64,
}

/// What came of taking a token out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was there, and is not any more.
    Now,
    /// Somebody else took it out, and is about to begin a session with it.
    JustBefore,
    /// It is not there, or its subject's tokens were revoked.
    NotThere,
}

/// The SET, and beside it, up to which `exp` the tokens of a subject were revoked. Every operation is
/// one atomic step, and can be done twice.
#[async_trait]
pub(crate) trait TokenSet: Send + Sync + 'static {
    /// Adds a token, unless it would be revoked already: then it tells up to which `exp` those of its
    /// subject are.
    async fn add(&self, member: Member<'_>) -> Result<Option<u64>, StoreError>;

    /// Whether a token is there and not revoked.
    async fn contains(&self, member: Member<'_>) -> Result<bool, StoreError>;

    /// Puts `next`, which nobody else has, in place of a token that is there and not revoked, and says
    /// whether it did.
    async fn rotate(&self, presented: Member<'_>, next: &str) -> Result<bool, StoreError>;

    /// Takes a token out; with a `claim`, to begin a session, which others are told until
    /// [it has begun](Self::has_begun).
    async fn take(&self, member: Member<'_>, claim: Option<Uuid>) -> Result<Taken, StoreError>;

    /// Notes that the session of a token that was taken has begun, and tells up to which `exp` the
    /// tokens of its subject were revoked meanwhile.
    async fn has_begun(&self, member: Member<'_>) -> Result<Option<u64>, StoreError>;

    /// Revokes the tokens of a subject whose `exp` is not after this one. They are refused from now on,
    /// and are still there.
    async fn revoke(&self, subject: SubjectDigest, exp: u64) -> Result<(), StoreError>;

    /// For each subject, up to which `exp` its tokens were revoked.
    async fn revoked(&self, subjects: &[SubjectDigest]) -> Result<Vec<Option<u64>>, StoreError>;

    /// How many tokens there are.
    async fn len(&self) -> Result<u64, StoreError>;

    /// Some of the members, and the cursor that leads to more. It begins and ends with 0.
    async fn scan(&self, cursor: u64) -> Result<(u64, Vec<Vec<u8>>), StoreError>;

    /// Removes these members, and says how many of them were there.
    async fn remove(&self, members: &[Vec<u8>]) -> Result<u64, StoreError>;

    /// Says once in a while, to one of all processes, that it is to sweep.
    async fn is_to_sweep(&self, once_in: Duration) -> Result<bool, StoreError>;
}
