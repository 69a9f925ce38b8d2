//! How long revocations stay in Redis when processes have different settings, and what a connection leaves behind.

use std::time::Duration;

use jwt_auth::JwtAuth;
use jwt_auth::store::{RedisOptions, RedisStore};
use jwt_auth_tests::{RedisServer, Setup, User, access_token, revoked, soon, user};
use rocket::tokio::time::sleep;
use uuid::Uuid;

use super::{refused_soon, token_id};

const MINUTE: u64 = 60_000;

/// `access_ttl`, `leeway` and a minute, in milliseconds.
const SHORT: u64 = 15 * MINUTE + 10_000 + MINUTE;
const LONG: u64 = 60 * MINUTE + 10_000 + MINUTE;

/// Processes with the default of 15 minutes, and with an hour.
fn short_and_long(server: &RedisServer) -> (Setup, Setup) {
    let setup = Setup::redis(server);
    (setup.clone(), setup.with("access_ttl", "1h"))
}

/// The stream of the access token with this id.
fn stream_of(id: Uuid) -> String {
    const TAGS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let tag = TAGS[usize::from(id.as_bytes()[0] >> 2)];
    format!("jwt-auth:{{{}}}:revocations", char::from(tag))
}

/// Puts a revocation on its stream as a process with the default did some minutes ago, with others around it.
fn revoke_minutes_ago(server: &RedisServer, id: Uuid, minutes: u64) {
    let (seconds, _): (u64, u64) = server.query(&redis::cmd("TIME"));
    let at = seconds * 1_000 - minutes * MINUTE;
    let stream = stream_of(id);
    for n in 1..=300 {
        let entry = [b"t", &if n == 150 { id } else { Uuid::new_v4() }.as_bytes()[..]].concat();
        let place = format!("{at}-{n}");
        let _: String = server.query(redis::cmd("XADD").arg(&stream).arg(place).arg("r").arg(entry));
    }
    server.run(&format!("PEXPIRE {stream} {SHORT}"));
}

fn len(server: &RedisServer, stream: &str) -> usize {
    server.query(redis::cmd("XLEN").arg(stream))
}

/// The remaining life of a key, in milliseconds.
fn lives(server: &RedisServer, key: &str) -> u64 {
    let lives: i64 = server.query(redis::cmd("PTTL").arg(key));
    u64::try_from(lives).unwrap_or(0)
}

/// Lets a process end, and what it had asked of Redis.
async fn end(process: JwtAuth) {
    drop(process);
    sleep(Duration::from_millis(1_500)).await;
}

#[rocket::async_test]
async fn connecting_leaves_no_key_behind() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let _processes = [short.launch().await, long.launch().await];
    RedisStore::connect(&server.url(), RedisOptions::default()).await.expect("the server answers");
    // Reading the streams does not create them either.
    sleep(Duration::from_millis(2_500)).await;
    let keys: Vec<String> = server.query(redis::cmd("KEYS").arg("*"));
    assert_eq!(keys, Vec::<String>::new());
}

#[rocket::async_test]
async fn connecting_shortens_no_stream() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let first = long.launch().await;
    // One of them is in the slot that the check at launch uses.
    let mut streams = Vec::new();
    for first_byte in [0, 100, 200] {
        let id = Uuid::from_bytes([first_byte; 16]);
        revoke_minutes_ago(&server, id, 50);
        first.revoke_access_token(id).await.expect("a revocation");
        streams.push(stream_of(id));
    }
    end(first).await;
    let state = || {
        let of = |stream: &String| {
            let expires: i64 = server.query(redis::cmd("PEXPIRETIME").arg(stream));
            (len(&server, stream), expires)
        };
        let keys: usize = server.query(&redis::cmd("DBSIZE"));
        (streams.iter().map(of).collect::<Vec<_>>(), keys)
    };
    let before = state();
    assert!(before.0.iter().all(|(len, _)| *len == 301), "nothing is trimmed: {before:?}");
    RedisStore::connect(&server.url(), RedisOptions::default()).await.expect("the server answers");
    let process = short.launch().await;
    sleep(Duration::from_millis(2_500)).await;
    assert_eq!(state(), before);
    drop(process);
}

#[rocket::async_test]
async fn a_process_with_a_shorter_access_ttl_trims_nothing_that_another_needs() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let (short, process) = (short.launch().await, long.launch().await);
    let old = access_token(&process, &user("alice"));
    let id = token_id(&old);
    revoke_minutes_ago(&server, id, 50);
    // The channel did not carry this, but the stream does.
    refused_soon(&process, &old).await;
    for is_down in [false, true] {
        if is_down {
            end(process.clone()).await;
        }
        short.revoke_access_token(id).await.expect("a revocation");
        assert_eq!(len(&server, &stream_of(id)), 301 + usize::from(is_down), "down: {is_down}");
        assert!(lives(&server, &stream_of(id)) > LONG - MINUTE, "down: {is_down}");
    }
}

#[rocket::async_test]
async fn a_process_with_a_longer_access_ttl_that_was_down_knows_earlier_revocations() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let (short, process) = (short.launch().await, long.launch().await);
    let [old, new] = [(); 2].map(|()| access_token(&process, &user("alice")));
    // The stream exists while it is up, so it leaves a note of what it needs.
    revoke_minutes_ago(&server, token_id(&old), 50);
    refused_soon(&process, &old).await;
    end(process).await;
    short.revoke_access_token(token_id(&new)).await.expect("a revocation");
    // The shorter process publishes on, in all streams.
    for _ in 0..500 {
        short.revoke_access_token(Uuid::new_v4()).await.expect("a revocation");
    }
    let process = long.launch().await;
    for token in [&old, &new] {
        assert!(revoked(process.verify::<User>(token)), "known before the first request");
    }
}

#[rocket::async_test]
async fn a_stream_is_kept_until_no_process_needs_its_last_entry() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let (short, long) = (short.launch().await, long.launch().await);
    let [needed, not_needed] = [0, 100].map(|first_byte| Uuid::from_bytes([first_byte; 16]));
    revoke_minutes_ago(&server, needed, 30);
    revoke_minutes_ago(&server, not_needed, 70);
    for id in [needed, not_needed] {
        server.run(&format!("PEXPIRE {} 4000", stream_of(id)));
    }
    let kept = LONG - 30 * MINUTE;
    soon("a stream is kept for the longer process", || lives(&server, &stream_of(needed)) > kept - MINUTE)
        .await;
    assert!(lives(&server, &stream_of(needed)) <= kept, "and no longer than it needs it");
    soon("a stream without a needed entry expires", || len(&server, &stream_of(not_needed)) == 0).await;

    // The longer process keeps what the shorter one published.
    short.revoke_access_token(not_needed).await.expect("a revocation");
    soon("a new stream is kept as well", || lives(&server, &stream_of(not_needed)) > LONG - MINUTE).await;
    drop(long);
}

#[rocket::async_test]
async fn a_stream_is_not_kept_for_longer_than_needed() {
    let server = RedisServer::start();
    let (short, _) = short_and_long(&server);
    let processes = [short.launch().await, short.launch().await];
    let id = Uuid::new_v4();
    processes[0].revoke_access_token(id).await.expect("a revocation");
    let first = lives(&server, &stream_of(id));
    assert!((SHORT - 10_000..=SHORT).contains(&first), "{first} ms");
    sleep(Duration::from_millis(3_500)).await;
    let later = lives(&server, &stream_of(id));
    assert!(later + 3_000 < first, "it was extended: {later} ms after {first} ms");
}
