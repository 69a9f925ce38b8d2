//! The contents of Redis: its keys, their values and their lifetimes.

use std::future::{Future, IntoFuture};
use std::net::IpAddr;
use std::ops::RangeInclusive;

use jwt_auth::{Device, InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, arrive, payload, refresh, refusal, user};
use uuid::Uuid;

const DAY: i64 = 24 * 60 * 60;

#[rocket::async_test]
async fn a_user_has_one_key_that_expires_with_the_last_session() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;

    let phone = auth.generate_tokens(&user("alice")).await.expect("a login");
    let key = only_key(&server);
    assert!(key.starts_with("jwt-auth:") && !key.contains("alice"), "{key}");
    assert_ttl(&server, &key, 14 * DAY);

    setup.advance(4 * DAY as u64);
    let laptop = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(only_key(&server), key, "the sessions have different keys");
    assert_ttl(&server, &key, 18 * DAY);

    setup.advance(DAY as u64);
    let phone = refresh(&auth, &phone.refresh_token).await.expect("a refresh");
    assert_ttl(&server, &key, 19 * DAY);

    assert!(auth.invalidate_refresh_token(&laptop.refresh_token).await.expect("a logout"));
    assert_eq!(only_key(&server), key, "one session remains");
    assert!(auth.invalidate_refresh_token(&phone.refresh_token).await.expect("a logout"));
    assert_eq!(server.session_keys(), Vec::<String>::new(), "a key remains after the last logout");
}

#[rocket::async_test]
async fn the_key_does_not_outlive_the_absolute_end() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("session_ttl", "20d");
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(10 * DAY as u64);
    refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    assert_ttl(&server, &only_key(&server), 20 * DAY);
}

#[rocket::async_test]
async fn a_shorter_session_does_not_shorten_the_lifetime_of_the_key() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    setup.launch().await.generate_tokens(&user("alice")).await.expect("a login");
    let short = setup.with("refresh_ttl", "1h").launch().await;
    short.generate_tokens(&user("alice")).await.expect("a login");
    assert_ttl(&server, &only_key(&server), 14 * DAY);
}

#[rocket::async_test]
async fn redis_contains_ids_but_no_tokens() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).launch().await;
    let first = auth.generate_tokens(&user("alice")).device(device()).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");

    let key = only_key(&server);
    let fields: Vec<Vec<u8>> = server.query(redis::cmd("HGETALL").arg(&key));
    let everything = [fields.concat(), key.clone().into_bytes()].concat();
    let contains = |text: &[u8]| everything.windows(text.len()).any(|window| window == text);
    for pair in [&first, &second] {
        for token in [&pair.access_token, &pair.refresh_token] {
            for part in token.split('.') {
                assert!(!contains(part.as_bytes()), "Redis contains part of a token: {part}");
            }
        }
    }
    let session = auth.verify::<User>(&second.access_token).expect("a valid token").session_id();
    assert!(contains(session.expect("a session id").as_bytes()), "Redis does not contain the session id");

    let encoding: String = server.query(redis::cmd("OBJECT").arg("ENCODING").arg(&key));
    assert_eq!(encoding, "listpack", "the key does not use the compact encoding");
}

#[rocket::async_test]
async fn an_ended_session_leaves_no_field_behind() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).with("max_sessions", 2).launch().await;
    let login = async |device| auth.generate_tokens(&user("alice")).device(device).await.expect("a login");
    let logged_out = login(device()).await;
    let dropped = login(device()).await;
    let fields = || server.query::<usize>(redis::cmd("HLEN").arg(only_key(&server)));
    assert_eq!(fields(), 2 * 7, "a record, four parts of a user agent, a label and an address");

    auth.invalidate_refresh_token(&logged_out.refresh_token).await.expect("a logout");
    assert_eq!(fields(), 7);
    login(Device::default()).await;
    login(Device::default()).await;
    assert_eq!(refusal(refresh(&auth, &dropped.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(fields(), 2, "two sessions without a device");
}

#[rocket::async_test]
async fn deleting_the_key_by_hand_ends_the_sessions() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    let _: i64 = server.query(redis::cmd("DEL").arg(only_key(&server)));
    assert_eq!(refusal(refresh(&auth, &alice.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(server.session_keys(), Vec::<String>::new(), "a rejected refresh created a key");
}

#[rocket::async_test]
async fn forged_tokens_cause_no_commands() {
    let server = RedisServer::start();
    // Otherwise, following the revocations of other processes would run commands, too.
    let auth = Setup::redis(&server).with("revocation", "off").launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    let before = commands(&server);
    let unsigned = format!("{}.AA", alice.access_token.rsplit_once('.').expect("a signature").0);
    for token in ["garbage", "a.b.c", &unsigned, &alice.access_token] {
        refusal(refresh(&auth, token).await);
        refusal(auth.check_refresh_token(token).await);
    }
    for token in ["garbage", "a.b.c", &unsigned] {
        assert!(!auth.invalidate_refresh_token(token).await.expect("no error"));
    }
    auth.verify::<User>(&alice.access_token).expect("a valid token");
    assert_eq!(commands(&server), before, "a forged token reached the store");
}

#[rocket::async_test]
async fn every_operation_on_a_user_takes_one_round_trip() {
    let server = RedisServer::start();
    // Otherwise, following the revocations of other processes would run commands, too.
    let auth = Setup::redis(&server).with("revocation", "off").launch().await;
    let (alice, mut trips) = (user("alice"), Trips::to(&server));
    // The first call of each kind loads its script.
    for expected in [2, 1] {
        let (login, phone) = trips.of(auth.generate_tokens(&alice).device(device()).into_future()).await;
        let phone = phone.expect("a login");
        let laptop = auth.generate_tokens(&alice).await.expect("a login");
        auth.generate_tokens(&alice).await.expect("a login");
        let (refreshed, phone) = trips.of(refresh(&auth, &phone.refresh_token)).await;
        let phone = phone.expect("a refresh");
        // The first use of a new access token confirms to the store that it has arrived.
        let (confirmed, ()) = trips.of(arrive::<User>(&auth, &phone)).await;
        let (revoked, was_there) =
            trips.of(auth.revoke_session::<User>("alice", session_id(&auth, &phone))).await;
        assert!(was_there.expect("a revocation"));
        let (_, was_there) = trips.of(auth.invalidate_refresh_token(&laptop.refresh_token)).await;
        assert!(was_there.expect("a logout"));
        let (listed, sessions) = trips.of(auth.sessions::<User>("alice")).await;
        assert_eq!(sessions.expect("a list").len(), 1);
        let (everywhere, ended) = trips.of(auth.revoke_subject::<User>("alice")).await;
        assert_eq!(ended.expect("a logout everywhere"), 1);
        assert_eq!([login, refreshed, confirmed, revoked, everywhere], [expected; 5]);
        assert_eq!(listed, 1);
    }
}

/// Counts round trips to the server.
struct Trips(redis::Connection);

impl Trips {
    fn to(server: &RedisServer) -> Self {
        let client = redis::Client::open(server.url()).expect("the URL is valid");
        Self(client.get_connection().expect("the server responds"))
    }

    /// Awaits an operation and returns how many round trips it took.
    async fn of<T>(&mut self, what: impl Future<Output = T>) -> (usize, T) {
        let before = self.count();
        let result = what.await;
        // One of them is this query.
        (self.count() - before - 1, result)
    }

    fn count(&mut self) -> usize {
        let stats: String = redis::cmd("INFO").arg("stats").query(&mut self.0).expect("the server responds");
        let reads = stats.lines().find_map(|line| line.strip_prefix("total_reads_processed:"));
        reads.and_then(|reads| reads.parse().ok()).expect("the server counts what it reads")
    }
}

#[rocket::async_test]
async fn apps_with_different_prefixes_can_share_a_redis() {
    let server = RedisServer::start();
    let one = Setup::redis(&server).launch().await;
    let other = Setup::redis(&server).with("prefix", "other").launch().await;
    let pair = one.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(refusal(refresh(&other, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(other.revoke_subject::<User>("alice").await.expect("no error"), 0);
    refresh(&one, &pair.refresh_token).await.expect("the session is alive");
}

#[rocket::async_test]
async fn processes_share_sessions() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let first = one.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&other, &first.refresh_token).await.expect("any process can refresh");
    let again = refresh(&one, &first.refresh_token).await.expect("within the grace period");
    assert_eq!(payload(&again.refresh_token)["jti"], payload(&second.refresh_token)["jti"]);
    assert!(other.invalidate_refresh_token(&again.refresh_token).await.expect("any process can log out"));
    assert_eq!(refusal(refresh(&one, &second.refresh_token).await), InvalidGrant::Unknown);
    assert_sessions(&one, 0).await;
}

fn session_id(auth: &JwtAuth, pair: &TokenPair) -> Uuid {
    let user = auth.verify::<User>(&pair.access_token).expect("a valid token");
    user.session_id().expect("the token of a login has a session")
}

async fn assert_sessions(auth: &JwtAuth, expected: usize) {
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), expected);
}

/// A device with as much data as a session can keep.
fn device() -> Device {
    let label = "a label that is truncated. ".repeat(4);
    let ip = IpAddr::from([0x2001, 0xdb8, 1, 2, 3, 4, 5, 6]);
    Device::new(&"curl/8.5.0 ".repeat(30)).with_label(label.as_str()).with_ip(ip)
}

fn only_key(server: &RedisServer) -> String {
    match &server.session_keys()[..] {
        [key] => key.clone(),
        keys => panic!("expected one key: {keys:?}"),
    }
}

/// Asserts the remaining lifetime of a key, allowing for the duration of the test.
fn assert_ttl(server: &RedisServer, key: &str, expected: i64) {
    const SLACK: i64 = 120;
    let ttl: i64 = server.query(redis::cmd("TTL").arg(key));
    let range: RangeInclusive<i64> = expected - SLACK..=expected;
    assert!(range.contains(&ttl), "the key lives for {ttl} seconds, not {expected}");
}

/// Returns how many commands the server has executed, except for those of the test itself.
fn commands(server: &RedisServer) -> usize {
    let stats: String = server.query(redis::cmd("INFO").arg("commandstats"));
    stats
        .lines()
        .filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(":calls="))
        .filter(|(name, _)| {
            matches!(*name, "evalsha" | "eval" | "hget" | "hmget" | "hset" | "hgetall" | "hdel" | "pexpireat")
        })
        .filter_map(|(_, rest)| rest.split(',').next()?.parse::<usize>().ok())
        .sum()
}
