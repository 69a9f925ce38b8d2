//! The limit of the server: the store's own script, on separate keys, run by `redis-benchmark` and over a single connection
//! that does nothing else.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use jwt_auth::Device;
use jwt_auth::clock::Timestamp;
use jwt_auth::store::{Context, Family, Owner, RedisOptions, RedisStore, RefreshStore, Revision};
use jwt_auth_tests::RedisServer;
use jwt_auth_tests::measure::scaled;
use redis::aio::MultiplexedConnection;
use redis::{Client, Cmd, cmd};
use uuid::Uuid;

use crate::tasks::in_tasks;

const SCRIPT: &str = concat!(
    include_str!("../../../jwt-auth/src/store/redis/revision.lua"),
    include_str!("../../../jwt-auth/src/store/redis/compare_and_swap.lua")
);

/// Numbered keys that all contain the same sessions. A swap replaces a token with itself, so it can be repeated.
pub(crate) struct Ceiling {
    port: u16,
    keys: usize,
    client: Client,
    /// The arguments after `EVALSHA`, the digest, `1` and a key.
    args: Arc<[String; 10]>,
    sha: Arc<str>,
}

impl Ceiling {
    /// Creates one key per user.
    pub(crate) async fn prepare(server: &RedisServer, sessions: usize, per_user: usize) -> Self {
        let now = Timestamp::from(SystemTime::now());
        let end = now + Duration::from_secs(14 * 24 * 3_600);
        // The ids are text, so that they can be passed on a command line.
        let [sid, token] = ["a session's id..", "a token's id...."];
        let model = model(server, sid, token, now, end, per_user).await;

        let keys = sessions / per_user;
        let client = Client::open(server.url()).expect("the URL is valid");
        let mut connection = client.get_multiplexed_async_connection().await.expect("Redis responds");
        for first in (0..keys).step_by(1_000) {
            let mut copies = redis::pipe();
            for n in first..keys.min(first + 1_000) {
                copies.cmd("COPY").arg(&model).arg(key(n)).ignore();
            }
            copies.query_async::<()>(&mut connection).await.expect("Redis copies");
        }
        let sha: String = server.query(cmd("SCRIPT").arg("LOAD").arg(SCRIPT));
        let (now, end) = (now.as_millis().to_string(), end.as_millis().to_string());
        let args = [sid, token, "0", token, &now, &end, "0", "1000", "", "0"];
        let args = Arc::new(args.map(str::to_owned));
        Self { port: server.port(), keys, client, args, sha: sha.into() }
    }

    /// Measures the rate of `redis-benchmark`, with 50 connections and 16 requests in flight on each.
    pub(crate) fn requests_per_second(&self) -> f64 {
        let output = Command::new("redis-benchmark")
            .args(["-p", &self.port.to_string(), "-c", "50", "-P", "16", "--threads", "1", "--csv"])
            .args(["-n", scaled("150000", "1000"), "-r", &self.keys.to_string()])
            .args(["EVALSHA", &self.sha, "1", "ceiling:__rand_int__"])
            .args(self.args.iter())
            .output()
            .expect("redis-benchmark comes with redis-server");
        let text = String::from_utf8_lossy(&output.stdout);
        let last = text.lines().last().unwrap_or_default();
        let rate = last.split("\",\"").nth(1).and_then(|rate| rate.parse().ok());
        rate.unwrap_or_else(|| panic!("redis-benchmark printed no rate: {text}"))
    }

    /// Measures the rate of 64 tasks on a single connection that only run the script.
    pub(crate) async fn connection_per_second(&self, time: Duration) -> f64 {
        let connection = self.client.get_multiplexed_async_connection().await.expect("Redis responds");
        let start = Instant::now();
        let counts = in_tasks((0..64).map(|task| {
            let mut connection = connection.clone();
            let (keys, sha, args) = (self.keys, Arc::clone(&self.sha), Arc::clone(&self.args));
            async move {
                let mut count = 0;
                while start.elapsed() < time {
                    swap(&mut connection, &sha, key((task + 64 * count) % keys), &args).await;
                    count += 1;
                }
                count
            }
        }));
        let count: usize = counts.await.iter().sum();
        count as f64 / start.elapsed().as_secs_f64()
    }
}

async fn swap(connection: &mut MultiplexedConnection, sha: &str, key: String, args: &[String; 10]) {
    let mut evalsha = Cmd::new();
    evalsha.arg("EVALSHA").arg(sha).arg(1).arg(key).arg(args);
    let (swapped, _, _, _): (bool, Vec<u8>, u64, Option<Vec<u8>>) =
        evalsha.query_async(connection).await.expect("Redis responds");
    assert!(swapped, "the script did not swap, so the figures would be meaningless");
}

/// Returns the key for which `redis-benchmark` expands `__rand_int__` to this number.
fn key(number: usize) -> String {
    format!("ceiling:{number:012}")
}

/// Lets the store create a key with this many sessions and returns it. One session has this id and this token.
async fn model(
    server: &RedisServer,
    sid: &str,
    token: &str,
    now: Timestamp,
    end: Timestamp,
    sessions: usize,
) -> String {
    let mut options = RedisOptions::default();
    options.prefix = "model".to_owned();
    let store = RedisStore::connect(&server.url(), options).await.expect("Redis keeps sessions");
    let id = |text: &str| Uuid::from_slice(text.as_bytes()).expect("16 bytes");
    let owner = Owner::new(None, None, "model");
    let context = Context::new(now, Revision::default(), Duration::from_secs(1_000));
    let others = (1..sessions).map(|_| Uuid::new_v4());
    for sid in others.chain([id(sid)]) {
        let ttl = end.since(now);
        let mut family = Family::begin(now, ttl, ttl, Device::default());
        (family.sid, family.current) = (sid, id(token));
        store.insert(&owner, &family, sessions, &context).await.expect("Redis keeps the session");
    }
    let keys: Vec<String> = server.query(cmd("KEYS").arg("model:*"));
    let is_hash = |key: &String| server.query::<String>(cmd("TYPE").arg(key)) == "hash";
    let [key] =
        keys.into_iter().filter(is_hash).collect::<Vec<_>>().try_into().expect("one user has one hash");
    key
}
