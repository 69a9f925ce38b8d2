//! The SET `refresh_tokens` of a service on fastapi_framework. Its key is that service's; beside it there
//! are keys of ours, in the same slot of a cluster by the braces in them.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::{Cmd, Script, ScriptInvocation};
use rocket::async_trait;
use uuid::Uuid;

use super::connection::{Command, Connection};
use crate::compat::fastapi_framework::{Member, Taken, TokenSet};
use crate::error::StoreError;
use crate::store::SubjectDigest;

/// The SET.
const KEY: &str = "refresh_tokens";

/// How many members one step of a scan looks at: a fraction of a millisecond of Redis' time.
const STEP: usize = 250;

/// How long others are told that somebody is about to begin a session, unless it has begun before.
const CLAIM: Duration = Duration::from_secs(10);

pub(crate) struct RedisTokenSet {
    connection: Arc<Connection>,
    /// What the keys beside the SET begin with.
    beside: String,
    add: Script,
    contains: Script,
    rotate: Script,
    take: Script,
    has_begun: Script,
    revoke: Script,
}

macro_rules! script {
    ($file:literal) => {
        Script::new(concat!(include_str!("token_set/common.lua"), include_str!($file)))
    };
}

impl RedisTokenSet {
    pub(super) fn new(connection: Arc<Connection>, prefix: &str) -> Self {
        Self {
            connection,
            beside: format!("{prefix}:{{{KEY}}}"),
            add: script!("token_set/add.lua"),
            contains: script!("token_set/contains.lua"),
            rotate: script!("token_set/rotate.lua"),
            take: script!("token_set/take.lua"),
            has_begun: script!("token_set/has_begun.lua"),
            revoke: script!("token_set/revoke.lua"),
        }
    }

    /// Where it stands up to which `exp` the tokens of a subject were revoked.
    fn revoked_key(&self, subject: SubjectDigest) -> String {
        format!("{}:revoked:{}", self.beside, URL_SAFE_NO_PAD.encode(subject.0))
    }

    /// Where it stands who is about to begin a session with a token.
    fn claim_key(&self, member: Member<'_>) -> String {
        format!("{}:claim:{}", self.beside, URL_SAFE_NO_PAD.encode(SubjectDigest::of(member.token).0))
    }

    /// A script about a token: with the SET, where its revocation stands, the token and its `exp`.
    fn about<'a>(&self, script: &'a Script, member: Member<'_>) -> ScriptInvocation<'a> {
        let mut invocation = script.prepare_invoke();
        invocation.key(KEY).key(self.revoked_key(member.subject)).arg(member.token).arg(member.exp);
        invocation
    }
}

#[async_trait]
impl TokenSet for RedisTokenSet {
    async fn add(&self, member: Member<'_>) -> Result<Option<u64>, StoreError> {
        self.connection.run(&Command::Script(self.about(&self.add, member))).await
    }

    async fn contains(&self, member: Member<'_>) -> Result<bool, StoreError> {
        self.connection.run(&Command::Script(self.about(&self.contains, member))).await
    }

    async fn rotate(&self, presented: Member<'_>, next: &str) -> Result<bool, StoreError> {
        let mut invocation = self.about(&self.rotate, presented);
        invocation.arg(next);
        self.connection.run(&Command::Script(invocation)).await
    }

    async fn take(&self, member: Member<'_>, claim: Option<Uuid>) -> Result<Taken, StoreError> {
        let mut invocation = self.about(&self.take, member);
        invocation
            .key(self.claim_key(member))
            .arg(claim.as_ref().map(Uuid::as_bytes).map_or(&[][..], |claim| claim))
            .arg(CLAIM.as_secs());
        let answer: u8 = self.connection.run(&Command::Script(invocation)).await?;
        Ok(match answer {
            1 => Taken::Now,
            2 => Taken::JustBefore,
            _ => Taken::NotThere,
        })
    }

    async fn has_begun(&self, member: Member<'_>) -> Result<Option<u64>, StoreError> {
        let mut invocation = self.about(&self.has_begun, member);
        invocation.key(self.claim_key(member));
        self.connection.run(&Command::Script(invocation)).await
    }

    async fn revoke(&self, subject: SubjectDigest, exp: u64) -> Result<(), StoreError> {
        let mut invocation = self.revoke.prepare_invoke();
        invocation.key(self.revoked_key(subject)).arg(exp);
        self.connection.run(&Command::Script(invocation)).await
    }

    async fn revoked(&self, subjects: &[SubjectDigest]) -> Result<Vec<Option<u64>>, StoreError> {
        let keys: Vec<String> = subjects.iter().map(|subject| self.revoked_key(*subject)).collect();
        self.connection.run(&Command::Single(Cmd::mget(keys))).await
    }

    async fn len(&self) -> Result<u64, StoreError> {
        self.connection.run(&Command::Single(Cmd::scard(KEY))).await
    }

    async fn scan(&self, cursor: u64) -> Result<(u64, Vec<Vec<u8>>), StoreError> {
        let mut command = redis::cmd("SSCAN");
        command.arg(KEY).arg(cursor).arg("COUNT").arg(STEP);
        self.connection.run(&Command::Single(command)).await
    }

    async fn remove(&self, members: &[Vec<u8>]) -> Result<u64, StoreError> {
        self.connection.run(&Command::Single(Cmd::srem(KEY, members))).await
    }

    async fn is_to_sweep(&self, once_in: Duration) -> Result<bool, StoreError> {
        let mut command = redis::cmd("SET");
        command.arg(format!("{}:swept", self.beside)).arg(1).arg("NX").arg("PX").arg(millis(once_in));
        let set: Option<String> = self.connection.run(&Command::Single(command)).await?;
        Ok(set.is_some())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
