//! The store in Redis. It keeps one hash per owner, so an operation usually takes one key and one round trip.
//! Operations that revoke tokens also write to a stream in the same slot.

mod attempts;
mod calls;
pub(crate) mod connection;
mod elevation;
mod entry;
mod feed;
pub(crate) mod keys;
mod link;
mod migration;
mod options;
mod permissions;
mod record;
#[cfg(feature = "cluster")]
mod redirects;
mod replicas;
pub(crate) mod script;
mod servers;
mod steps;
mod time;
mod topology;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use redis::Cmd;
use rocket::async_trait;
use uuid::Uuid;

use self::attempts::RedisAttempts;
use self::calls::{millis, revision_lives};
use self::connection::Connection;
use self::feed::RedisFeed;
use self::keys::Keys;
use self::migration::is_migrating;
use self::replicas::Replicas;
use self::script::Command;
use self::steps::Steps;
use self::topology::Topology;
use super::{AttemptStore, Context, Inserted, RefreshStore, Removed, Swapped};
use crate::clock::{self, Timestamp};
use crate::error::{StartupError, StoreError};
use crate::family::{Family, Swap, SwapOutcome};
use crate::owner::{Owner, OwnerDigest, Revision};
use crate::revocation::{Revocation, RevocationFeed};

pub use self::options::RedisOptions;
#[cfg(feature = "sentinel")]
pub use self::servers::RedisSentinel;
pub use self::servers::RedisServers;

/// A store in Redis 7.0 or later. The setting `redis` creates it. The guide covers [Redis in
/// production](crate::guide::operations).
///
/// The families of an owner are fields of one hash. Its key consists of the setting `prefix` and a digest of the owner:
/// of the setting `issuer`, the kind of claims, and the subject. So apps with different issuers can share a Redis
/// server. The hash contains ids but no tokens, and expires with the last of its families. Revocations are written to
/// streams next to the hashes, and published to all processes over a channel.
///
/// # Slot migrations in a cluster
///
/// Logins, refreshes and lists use one key, and follow it to its new node. A logout changes two keys in one step: the
/// hash and the stream. While a migration of their slot separates these two keys, Redis answers `TRYAGAIN`, because it
/// cannot change keys on two nodes in one step. The logout then takes two steps: first, all processes reject the access
/// tokens; then, the session ends. If the second step fails, the response is 503, and any process that has received the
/// revocation ends the session at its next refresh.
///
/// # Lost writes
///
/// Redis acknowledges a write before its replicas or its disk have it. After a failover, or a restart from an older
/// copy, the last writes are lost:
///
/// - A lost **refresh** usually has no consequences: the refresh token contains the number of refreshes before it, so
///   the store catches up. The user has to sign in again only if the session then stayed unused beyond its earlier idle
///   end, or if two tabs refreshed at that moment.
/// - After a lost **login**, the user has to sign in again.
/// - A lost **logout** brings the session back until it expires or is ended again. A process that has received the
///   revocation ends the session again at its next refresh, as long as the process remembers the revocation: for
///   `access_ttl` plus `leeway` plus one minute. With [`wait_replicas`](RedisOptions::wait_replicas), a logout succeeds
///   only once replicas have it, so a failover to one of them does not lose it. In the configuration of Redis,
///   `min-replicas-to-write` limits how much an isolated master accepts, and `appendfsync always` protects a single
///   server. None of these makes Redis a consensus system: a replica without the logout may still be promoted.
/// - The lost revocation of a **long-lived access token** ([`NewAccessToken::ttl`](crate::NewAccessToken::ttl)) brings its
///   session back, too, and no refresh ends it. Instead, a process that has received the revocation ends the session again
///   when the token is used there, as long as the process remembers the revocation; it looks once a minute. A token that
///   is not used in that time is valid again until it expires. With such tokens, set `wait_replicas`.
///
/// A process that has received a revocation keeps rejecting the access tokens, whatever Redis loses. If the revocation
/// is lost, a process that starts later accepts them until they expire.
pub struct RedisStore {
    connection: Arc<Connection>,
    replicas: Option<Replicas>,
    keys: Keys,
    steps: Steps,
    attempts: Arc<RedisAttempts>,
}

impl RedisStore {
    /// Connects, and checks that the server can store sessions: it must be version 7.0 or later, must not be a replica,
    /// and must let this user run every command that the store needs. The guide lists the [permissions of a Redis
    /// user](crate::guide::operations#permissions).
    ///
    /// # Errors
    ///
    /// Returns an error if a URL is invalid, if no server answers, or if the server cannot store sessions.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # async fn open() -> Result<(), jwt_auth::StartupError> {
    /// use jwt_auth::JwtAuth;
    /// use jwt_auth::store::{RedisOptions, RedisStore};
    ///
    /// let mut options = RedisOptions::default();
    /// options.prefix = "shop".to_owned();
    /// let store = RedisStore::connect("redis://127.0.0.1:6379/0", options).await?;
    /// rocket::build().attach(JwtAuth::fairing().store(store));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(
        servers: impl Into<RedisServers>,
        options: RedisOptions,
    ) -> Result<Self, StartupError> {
        let topology = Arc::new(Topology::new(&servers.into(), options.timeout)?);
        let keys = Keys::new(&options.prefix, topology.database());
        let probe = Steps::probe();
        let probe = probe.on([keys.probe()]).arg(&keys.channel);
        let open = async || Connection::open(Arc::clone(&topology), &probe, &keys).await;
        let replicas = match options.wait_replicas {
            0 => None,
            wanted => {
                let connection = open().await?;
                connection.require_wait(&keys).await?;
                Some(Replicas::new(connection, wanted, options.timeout))
            }
        };
        let connection = open().await?;
        let attempts = Arc::new(RedisAttempts::new(Arc::clone(&connection), keys.clone()));
        Ok(Self { connection, replicas, keys, steps: Steps::new(), attempts })
    }

    /// Returns the connection and the key names, for a bridge to another system.
    pub(crate) fn into_parts(self) -> (Arc<Connection>, Keys) {
        (self.connection, self.keys)
    }
}

#[async_trait]
impl RefreshStore for RedisStore {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        let digest = owner.digest();
        let keys = match self.connection.is_cluster() {
            // A call with a single key follows a slot that moves, and a login rarely has to make room.
            true => vec![self.keys.hash(digest)],
            false => self.hash_and_stream(digest).to_vec(),
        };
        match self.try_insert(keys, digest, family, (max_sessions, context), &[]).await? {
            (true, inserted) => Ok(inserted),
            (false, _) => self.insert_and_make_room(owner, family, max_sessions, context).await,
        }
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        let call = self
            .steps
            .compare_and_swap
            .on([self.keys.hash(owner.digest())])
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
            .arg(swap.generation)
            .arg(swap.next.as_bytes())
            .arg(swap.now.as_millis())
            .arg(swap.idle_end.as_millis())
            .arg(context.heard.as_u64())
            .arg(revision_lives(context))
            .arg(swap.elevation.as_ref().map(elevation::encode).unwrap_or_default())
            .arg(clock::millis(swap.reuse_grace));
        let (done, record, revision, elevation): (bool, Option<Vec<u8>>, u64, Option<Vec<u8>>) =
            self.connection.run(&call.command()).await?;
        let elevation = elevation.as_deref().and_then(elevation::decode);
        let family = record.map(|record| record::decode(sid, &record)).transpose()?;
        let family = family.map(|family| Family { elevation, ..family });
        let outcome = match (done, family) {
            (true, Some(family)) => SwapOutcome::Done(family),
            (true, None) => return Err(StoreError::Corrupt("a swap without a record")),
            (false, family) => SwapOutcome::Refused(family),
        };
        Ok(Swapped::new(outcome, Revision::from_u64(revision)))
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let hash = self.keys.hash(owner.digest());
        let call = self.steps.confirm.on([hash]).arg(sid.as_bytes()).arg(generation).arg(now.as_millis());
        self.connection.run::<i64>(&call.command()).await.map(drop)
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        let fields = record::fields(sid);
        let command = Cmd::hmget(self.keys.hash(owner.digest()), &fields);
        let values: Vec<Option<Vec<u8>>> = self.connection.run(&Command::Single(command)).await?;
        let found = fields.into_iter().zip(values).filter_map(|(field, value)| Some((field, value?)));
        Ok(record::decode_all(&found.collect()).pop())
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        let command = Cmd::hgetall(self.keys.hash(owner.digest()));
        let hash: HashMap<Vec<u8>, Vec<u8>> = self.connection.run(&Command::Single(command)).await?;
        Ok(record::decode_all(&hash))
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        let hash = self.keys.hash(owner.digest());
        let call = self.steps.revision.on([hash]).arg(context.heard.as_u64()).arg(revision_lives(context));
        self.connection.run(&call.command()).await.map(Revision::from_u64)
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError> {
        let digest = owner.digest();
        let call = self.removing(self.hash_and_stream(digest), digest, sid, context);
        match self.end(&call).await {
            Err(error) if is_migrating(&error) => self.remove_in_steps(owner, sid, context).await,
            existed => existed,
        }
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        let keys = self.hash_and_stream(owner.digest());
        let call = self.removing_all(keys, owner, spared, context, "");
        match self.remove_all_by(&call).await {
            Err(error) if is_migrating(&error) => self.remove_all_in_steps(owner, spared, context).await,
            removed => removed,
        }
    }

    async fn tell(&self, revocation: &Revocation, context: &Context) -> Result<bool, StoreError> {
        let place = match revocation {
            Revocation::Session(owner, _) | Revocation::Owner(owner, ..) => *owner,
            // Any stream will do, because every stream is read. Ids are as evenly distributed as digests.
            Revocation::Token(id) => OwnerDigest::from_bytes(id.into_bytes()),
        };
        let keys = self.keys.stream(place);
        let call = self.publishing(&self.steps.tell, keys, context).arg(entry::encode(revocation));
        match self.end::<i64>(&call).await {
            Err(error) if is_migrating(&error) => self.tell_alone(place, [*revocation], context).await?,
            told => drop(told?),
        }
        Ok(true)
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        Some(Arc::new(RedisFeed::new(Arc::clone(&self.connection), &self.keys, millis(retention))))
    }

    fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
        Some(Arc::clone(&self.attempts) as Arc<dyn AttemptStore>)
    }
}
