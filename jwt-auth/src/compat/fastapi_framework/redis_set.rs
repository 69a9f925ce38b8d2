//! The SET `refresh_tokens` in Redis. Its key belongs to the other service. The braces in the keys of this crate put them
//! into the same slot of a cluster.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::Cmd;
use rocket::async_trait;
use uuid::Uuid;

use super::token_set::{Member, Removal, SubjectDigest, TokenSet};
use crate::error::{StartupError, StoreError};
use crate::store::RedisStore;
use crate::store::redis::connection::Connection;
use crate::store::redis::script::{Call, Command, Step};

/// The key of the SET.
const KEY: &str = "refresh_tokens";

/// The number of members that one step of a scan reads, which takes Redis a fraction of a millisecond.
const PER_SCAN: usize = 250;

/// The time that a request has to begin a session.
const CLAIM: Duration = Duration::from_secs(10);

pub(crate) struct RedisTokenSet {
    connection: Arc<Connection>,
    /// The key that exists if the SET was swept recently.
    swept: String,
    /// The prefix of the keys that store, for each subject, the `exp` up to which its tokens are revoked. The digest of
    /// the subject follows.
    revoked: String,
    /// The prefix of the keys that store, for each token, the request that is about to begin a session with it. The
    /// digest of the token follows.
    claim: String,
    add: Step,
    contains: Step,
    rotate: Step,
    take: Step,
    has_begun: Step,
    revoke: Step,
}

macro_rules! about {
    ($file:literal) => {
        Step::new(concat!(include_str!("redis_set/common.lua"), include_str!($file)))
    };
}

impl RedisTokenSet {
    /// Opens the set on the connection of a store, and checks the permissions of the Redis user.
    pub(crate) async fn open(store: RedisStore) -> Result<Self, StartupError> {
        let (connection, keys) = store.into_parts();
        let probe = Step::new(concat!(
            include_str!("../../store/redis/denied.lua"),
            include_str!("redis_set/probe.lua")
        ));
        connection.require(&probe.on([keys.next_to(KEY, "probe")]), &keys.pattern()).await?;
        Ok(Self {
            connection,
            swept: keys.next_to(KEY, "swept"),
            revoked: keys.next_to(KEY, "revoked"),
            claim: keys.next_to(KEY, "claim"),
            add: about!("redis_set/add.lua"),
            contains: about!("redis_set/contains.lua"),
            rotate: about!("redis_set/rotate.lua"),
            take: about!("redis_set/take.lua"),
            has_begun: about!("redis_set/has_begun.lua"),
            revoke: Step::new(include_str!("redis_set/revoke.lua")),
        })
    }

    fn revoked_key(&self, subject: SubjectDigest) -> String {
        format!("{}:{}", self.revoked, URL_SAFE_NO_PAD.encode(subject.as_bytes()))
    }

    fn claim_key(&self, member: Member<'_>) -> String {
        format!("{}:{}", self.claim, URL_SAFE_NO_PAD.encode(SubjectDigest::of(member.token).as_bytes()))
    }

    /// Returns a call of a step on a token.
    fn about<'a>(&self, step: &'a Step, member: Member<'_>) -> Call<'a> {
        step.on([KEY.to_owned(), self.revoked_key(member.subject), self.claim_key(member)])
            .arg(member.token)
            .arg(member.exp)
    }
}

#[async_trait]
impl TokenSet for RedisTokenSet {
    async fn add(&self, member: Member<'_>) -> Result<Option<u64>, StoreError> {
        self.connection.run(&self.about(&self.add, member).command()).await
    }

    async fn contains(&self, member: Member<'_>) -> Result<bool, StoreError> {
        self.connection.run(&self.about(&self.contains, member).command()).await
    }

    async fn rotate(&self, presented: Member<'_>, next: &str) -> Result<bool, StoreError> {
        self.connection.run(&self.about(&self.rotate, presented).arg(next).command()).await
    }

    async fn take(&self, member: Member<'_>, claim: Option<Uuid>) -> Result<Removal, StoreError> {
        let claim = claim.map(Uuid::into_bytes);
        let call = self
            .about(&self.take, member)
            .arg(claim.as_ref().map_or(&[][..], |claim| claim))
            .arg(CLAIM.as_secs());
        let answer: u8 = self.connection.run(&call.command()).await?;
        Ok(match answer {
            1 => Removal::Done,
            2 => Removal::InProgress,
            _ => Removal::Absent,
        })
    }

    async fn has_begun(&self, member: Member<'_>) -> Result<Option<u64>, StoreError> {
        self.connection.run(&self.about(&self.has_begun, member).command()).await
    }

    async fn revoke(&self, subject: SubjectDigest, exp: u64) -> Result<(), StoreError> {
        self.connection.run(&self.revoke.on([self.revoked_key(subject)]).arg(exp).command()).await
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
        command.arg(KEY).arg(cursor).arg("COUNT").arg(PER_SCAN);
        self.connection.run(&Command::Single(command)).await
    }

    async fn remove(&self, members: &[Vec<u8>]) -> Result<u64, StoreError> {
        self.connection.run(&Command::Single(Cmd::srem(KEY, members))).await
    }

    async fn is_to_sweep(&self, once_in: Duration) -> Result<bool, StoreError> {
        let mut command = redis::cmd("SET");
        command.arg(&self.swept).arg(1).arg("NX").arg("EX").arg(once_in.as_secs());
        let set: Option<String> = self.connection.run(&Command::Single(command)).await?;
        Ok(set.is_some())
    }
}
