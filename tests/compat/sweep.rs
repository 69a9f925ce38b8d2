//! Sweeps: which members of the SET are removed, and which are kept.

use std::collections::BTreeSet;
use std::time::Duration;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::{Forge, Log, RedisServer, Setup, TestKey, soon, within};
use serde_json::{Value, json};

use crate::fixtures::{access_token, add, members, now, refresh_token, service, token, token_of};

/// Fills the SET and returns the members to remove and those to keep.
fn fill_set(server: &RedisServer, setup: &Setup) -> (BTreeSet<String>, BTreeSet<String>) {
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    let attacker = Forge::new(HS256).key(TestKey::of_attacker(HS256));
    let of_other_secret = |exp: u64| attacker.sign(header, &json!({ "user_id": 5, "exp": exp }).to_string());
    let (now, past) = (now(setup), now(setup) - 10);
    let useless = [
        refresh_token(server, setup, 1.into(), -10),
        refresh_token(server, setup, "ann".into(), -1_000_000),
        access_token(setup, json!({ "id": 5 }), -10),
        of_other_secret(past),
        token(&json!({ "user_id": 5, "exp": past as f64 + 0.5 - 0.5 })),
        "garbage".to_owned(),
        "a.b.c".to_owned(),
        token_of("[5]"),
        token_of("5"),
        format!("{}.x", token(&json!({ "user_id": 5, "exp": now + 60 }))),
    ];
    let useful = [
        refresh_token(server, setup, 1.into(), 60),
        refresh_token(server, setup, 2.into(), -9),
        refresh_token(server, setup, "ann".into(), 60),
        of_other_secret(now + 60),
        access_token(setup, json!({ "id": 5 }), 60),
        token(&json!({ "user_id": 5 })),
        token(&json!({ "user_id": 5, "exp": (now + 60).to_string() })),
        token(&json!({ "user_id": 5, "exp": Value::Null })),
        Forge::new(HS256).sign(r#"{"alg":"HS512","typ":"JWT"}"#, &json!({ "exp": now + 60 }).to_string()),
    ];
    for member in useless.iter().chain(&useful) {
        add(server, member);
    }
    let _: u64 = server.query(redis::cmd("SADD").arg("refresh_tokens").arg(&[0xff_u8, 0xfe][..]));
    (useless.into(), useful.into())
}

#[rocket::async_test]
async fn a_sweep_removes_expired_tokens_and_garbage() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        wait_for_sweep(&server).await;
        let (useless, useful) = fill_set(&server, &setup);
        let swept = auth.sweep_refresh_tokens().await.expect("the store works");
        assert_eq!(members(&server).into_iter().collect::<BTreeSet<_>>(), useful);
        // Plus one: the member that is not UTF-8.
        assert_eq!(swept.removed, useless.len() as u64 + 1);
        assert_eq!((swept.live, swept.unaccepted), (3, useful.len() as u64 - 3));
        assert_eq!(auth.sweep_refresh_tokens().await.expect("the store works").removed, 0);
    }
}

#[rocket::async_test]
async fn a_launch_starts_a_sweep() {
    let (server, setup) = service("issue");
    let (_, useful) = fill_set(&server, &setup);
    let _auth = setup.launch().await;
    soon("the SET is swept", || count(&server) == useful.len()).await;
}

#[rocket::async_test]
async fn one_process_sweeps_for_all_processes() {
    let (server, setup) = service("issue");
    let _first = setup.launch().await;
    wait_for_sweep(&server).await;
    fill_set(&server, &setup);
    let before = count(&server);
    let _second = setup.launch().await;
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(count(&server), before, "it was swept less than an hour ago");
    let ttl: i64 = server.query(redis::cmd("TTL").arg("jwt-auth:{refresh_tokens}:swept"));
    assert!((3_000..=3_600).contains(&ttl), "{ttl}");
}

#[rocket::async_test]
async fn one_process_sweeps_for_all_processes_once_redis_allows_it() {
    let (server, setup) = service("issue");
    // Everything but the key that records the last sweep.
    server
        .run("ACL SETUSER default resetkeys ~refresh_tokens ~jwt-auth:{?}* ~jwt-auth:{refresh_tokens}:probe");
    let (_first, _second) = (setup.launch().await, setup.launch().await);
    let rejected = "rejected_calls=2,";
    soon("both processes try to claim the sweep", || {
        stats(&server, "set").is_some_and(|stats| stats.contains(rejected))
    })
    .await;
    server.run("CONFIG RESETSTAT");
    server.run("ACL SETUSER default allkeys");
    within(20, "both processes try again", || calls(&server, "set") == 2).await;
    soon("one process sweeps", || calls(&server, "sscan") > 0).await;
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(calls(&server, "sscan"), 1, "both processes swept");
}

#[rocket::async_test]
async fn a_large_set_is_scanned_in_steps() {
    const EACH: usize = 3_000;
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    wait_for_sweep(&server).await;
    let tokens: Vec<String> = (0..2 * EACH)
        .map(|i| {
            token(&json!({ "user_id": i, "exp": now(&setup) as i64 + if i < EACH { -100 } else { 100 } }))
        })
        .collect();
    let _: u64 = server.query(redis::cmd("SADD").arg("refresh_tokens").arg(&tokens));
    server.run("CONFIG RESETSTAT");
    let swept = auth.sweep_refresh_tokens().await.expect("the store works");
    assert_eq!((swept.removed, members(&server).len()), (EACH as u64, EACH));
    let scans = calls(&server, "sscan");
    assert!(scans >= 2 * EACH / 1_000, "only {scans} steps");
}

#[rocket::async_test]
async fn a_sweep_with_another_secret_removes_nothing() {
    let (server, setup) = service("issue");
    let auth = setup.with("secret", TestKey::of_attacker(HS256).private).launch().await;
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    for id in 0..10 {
        let payload = json!({ "user_id": id, "exp": u32::MAX }).to_string();
        add(&server, &Forge::new(HS256).sign(header, &payload));
    }
    let swept = auth.sweep_refresh_tokens().await.expect("the store works");
    assert_eq!((swept.removed, swept.unaccepted), (0, 10));
    assert_eq!(members(&server).len(), 10);
}

#[rocket::async_test]
async fn a_token_with_too_long_a_lifetime_is_logged_as_a_warning() {
    let log = Log::capture();
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    wait_for_sweep(&server).await;
    refresh_token(&server, &setup, 5.into(), 6 * 60 * 60 + 10);
    auth.sweep_refresh_tokens().await.expect("the store works");
    assert!(!log.text().contains("JWT_REFRESH_TOKEN_EXPIRE_MINUTES"), "{}", log.text());
    refresh_token(&server, &setup, 5.into(), 7 * 60 * 60);
    auth.sweep_refresh_tokens().await.expect("the store works");
    assert!(log.text().contains("JWT_REFRESH_TOKEN_EXPIRE_MINUTES"), "{}", log.text());
}

#[rocket::async_test]
async fn a_sweep_without_the_setting_fails() {
    let auth = Setup::memory().launch().await;
    let error = auth.sweep_refresh_tokens().await.expect_err("there is no SET to sweep");
    assert!(error.to_string().contains("`fastapi_framework` in [default.jwt_auth] is not set"), "{error}");
}

fn count(server: &RedisServer) -> usize {
    server.query(redis::cmd("SCARD").arg("refresh_tokens"))
}

/// Returns how many calls of a command Redis has executed.
fn calls(server: &RedisServer, command: &str) -> usize {
    let Some(stats) = stats(server, command) else { return 0 };
    let calls = stats.strip_prefix("calls=").and_then(|stats| stats.split(',').next());
    calls.expect("the number of calls comes first").parse().expect("a number")
}

fn stats(server: &RedisServer, command: &str) -> Option<String> {
    let stats = server.ask("INFO commandstats");
    let name = format!("cmdstat_{command}:");
    stats.lines().find_map(|line| line.strip_prefix(&name).map(str::to_owned))
}

/// Waits until the sweep at launch has finished, or is running on an empty SET.
pub(crate) async fn wait_for_sweep(server: &RedisServer) {
    soon("the launch starts a sweep", || {
        server.query::<bool>(redis::cmd("EXISTS").arg("jwt-auth:{refresh_tokens}:swept"))
    })
    .await;
    rocket::tokio::time::sleep(Duration::from_millis(50)).await;
}
