//! How long revocations stay in Redis if processes have different settings, and what connecting leaves behind.

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

/// Setups with an `access_ttl` of 15 minutes, the default, and of an hour.
fn short_and_long(server: &RedisServer) -> (Setup, Setup) {
    let setup = Setup::redis(server);
    (setup.clone(), setup.with("access_ttl", "1h"))
}

/// Returns the stream for the access token with this id.
fn stream_of(id: Uuid) -> String {
    const TAGS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let tag = TAGS[usize::from(id.as_bytes()[0] >> 2)];
    format!("jwt-auth:{{{}}}:revocations", char::from(tag))
}

/// Adds a revocation to its stream, with others around it, as if a default process had done so minutes ago.
fn revoke_minutes_ago(server: &RedisServer, id: Uuid, minutes: u64) {
    let (seconds, _): (u64, u64) = server.query(&redis::cmd("TIME"));
    let at = seconds * 1_000 - minutes * MINUTE;
    let stream = stream_of(id);
    for n in 1..=300 {
        let entry = [b"t", &if n == 150 { id } else { Uuid::new_v4() }.as_bytes()[..]].concat();
        let entry_id = format!("{at}-{n}");
        let _: String = server.query(redis::cmd("XADD").arg(&stream).arg(entry_id).arg("r").arg(entry));
    }
    server.run(&format!("PEXPIRE {stream} {SHORT}"));
}

fn len(server: &RedisServer, stream: &str) -> usize {
    server.query(redis::cmd("XLEN").arg(stream))
}

/// Returns the remaining lifetime of a key, in milliseconds.
fn ttl(server: &RedisServer, key: &str) -> u64 {
    let ttl: i64 = server.query(redis::cmd("PTTL").arg(key));
    u64::try_from(ttl).unwrap_or(0)
}

/// Ends a process, and waits until its last commands have finished.
async fn end(process: JwtAuth) {
    drop(process);
    sleep(Duration::from_millis(1_500)).await;
}

#[rocket::async_test]
async fn connecting_leaves_no_key_behind() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let _processes = [short.launch().await, long.launch().await];
    RedisStore::connect(&server.url(), RedisOptions::default()).await.expect("the server responds");
    // Reading the streams does not create them, either.
    sleep(Duration::from_millis(2_500)).await;
    let keys: Vec<String> = server.query(redis::cmd("KEYS").arg("*"));
    assert_eq!(keys, Vec::<String>::new());
}

#[rocket::async_test]
async fn connecting_shortens_no_stream() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let first = long.launch().await;
    // One of the streams is in the slot that the check at launch uses.
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
    assert!(before.0.iter().all(|(len, _)| *len == 301), "a stream was trimmed: {before:?}");
    RedisStore::connect(&server.url(), RedisOptions::default()).await.expect("the server responds");
    let process = short.launch().await;
    sleep(Duration::from_millis(2_500)).await;
    assert_eq!(state(), before);
    drop(process);
}

#[rocket::async_test]
async fn a_process_with_a_shorter_access_ttl_trims_no_entries_that_another_needs() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let (short, process) = (short.launch().await, long.launch().await);
    let old = access_token(&process, &user("alice"));
    let id = token_id(&old);
    revoke_minutes_ago(&server, id, 50);
    // This revocation is only in the stream, not on the channel.
    refused_soon(&process, &old).await;
    for is_down in [false, true] {
        if is_down {
            end(process.clone()).await;
        }
        short.revoke_access_token(id).await.expect("a revocation");
        assert_eq!(len(&server, &stream_of(id)), 301 + usize::from(is_down), "down: {is_down}");
        assert!(ttl(&server, &stream_of(id)) > LONG - MINUTE, "down: {is_down}");
    }
}

#[rocket::async_test]
async fn a_process_with_a_longer_access_ttl_knows_the_revocations_while_it_was_down() {
    let server = RedisServer::start();
    let (short, long) = short_and_long(&server);
    let (short, process) = (short.launch().await, long.launch().await);
    let [old, new] = [(); 2].map(|()| access_token(&process, &user("alice")));
    // The stream exists while the process is up, so the process records the retention that it needs.
    revoke_minutes_ago(&server, token_id(&old), 50);
    refused_soon(&process, &old).await;
    end(process).await;
    short.revoke_access_token(token_id(&new)).await.expect("a revocation");
    // The process with the shorter setting keeps publishing, on all streams.
    for _ in 0..500 {
        short.revoke_access_token(Uuid::new_v4()).await.expect("a revocation");
    }
    let process = long.launch().await;
    for token in [&old, &new] {
        assert!(revoked(process.verify::<User>(token)), "a new process does not know the revocation");
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
    soon("a stream is kept for the process with the longer setting", || {
        ttl(&server, &stream_of(needed)) > kept - MINUTE
    })
    .await;
    assert!(ttl(&server, &stream_of(needed)) <= kept, "the stream is kept for too long");
    soon("a stream that no process needs expires", || len(&server, &stream_of(not_needed)) == 0).await;

    // The process with the longer setting keeps what the other one published.
    short.revoke_access_token(not_needed).await.expect("a revocation");
    soon("a new stream is kept, too", || ttl(&server, &stream_of(not_needed)) > LONG - MINUTE).await;
    drop(long);
}

#[rocket::async_test]
async fn a_stream_is_not_kept_for_longer_than_needed() {
    let server = RedisServer::start();
    let (short, _) = short_and_long(&server);
    let processes = [short.launch().await, short.launch().await];
    let id = Uuid::new_v4();
    processes[0].revoke_access_token(id).await.expect("a revocation");
    let first = ttl(&server, &stream_of(id));
    assert!((SHORT - 10_000..=SHORT).contains(&first), "{first} ms");
    sleep(Duration::from_millis(3_500)).await;
    let later = ttl(&server, &stream_of(id));
    assert!(later + 3_000 < first, "the stream was extended: {later} ms after {first} ms");
}
