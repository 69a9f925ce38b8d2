//! Attempts to sign in, in Redis: counted across processes, bounded, and forgotten.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    Account, Attempt, AttemptLimits, AttemptStore, Attempts, Budget, Network, RedisOptions, RedisStore,
    RefreshStore, Reservation,
};
use jwt_auth::{AuthError, JwtAuth, Throttle, TokenPair, public};
use jwt_auth_tests::{RedisServer, Setup, user};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::tokio::runtime::Runtime;
use rocket::{State, post};

/// How many passwords were checked, and what the password `breaks` does.
#[derive(Default)]
struct Checks {
    count: AtomicUsize,
    breaks: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[public]
#[post("/login?<name>&<password>")]
async fn login(
    throttle: Throttle<'_>,
    name: &str,
    password: &str,
    checks: &State<Checks>,
    auth: &JwtAuth,
) -> Result<TokenPair, AuthError> {
    let check = async {
        checks.count.fetch_add(1, Ordering::SeqCst);
        match (password, checks.breaks.get()) {
            ("right", _) => Ok(user(name)),
            ("breaks", Some(breaks)) => {
                breaks();
                Ok(user(name))
            }
            _ => Err(AuthError::InvalidCredentials),
        }
    };
    let user = throttle.attempt(name, check).await?;
    auth.generate_tokens(&user).await
}

/// A process that serves the app.
async fn process(setup: &Setup) -> Client {
    let rocket = setup.rocket().manage(Checks::default()).mount("/", jwt_auth::routes![login]);
    Client::untracked(rocket).await.expect("the app launches")
}

async fn status(process: &Client, from: u32, name: &str, password: &str) -> Status {
    let request = process.post(format!("/login?name={name}&password={password}"));
    request.remote(SocketAddr::new(v4(from), 5)).dispatch().await.status()
}

fn v4(number: u32) -> IpAddr {
    Ipv4Addr::from(number).into()
}

fn v6(number: u128) -> IpAddr {
    Ipv6Addr::from((0x2001_0db8 << 96) | (number << 64)).into()
}

fn checks(process: &Client) -> usize {
    process.rocket().state::<Checks>().expect("it is managed").count.load(Ordering::SeqCst)
}

async fn attempts(server: &RedisServer) -> Arc<dyn AttemptStore> {
    let mut options = RedisOptions::default();
    options.timeout = Duration::from_secs(10);
    let store = RedisStore::connect(server.url(), options).await.expect("the server responds");
    store.attempts().expect("Redis counts attempts")
}

fn keys(server: &RedisServer) -> Vec<String> {
    let keys: Vec<String> = server.query(&redis::Cmd::keys("*:attempts"));
    keys
}

fn ttl(server: &RedisServer, key: &str) -> i64 {
    server.query(redis::cmd("PTTL").arg(key))
}

#[rocket::async_test]
async fn processes_count_together() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let processes = [process(&setup).await, process(&setup).await];
    assert_eq!(status(&processes[0], 1, "ann", "right").await, Status::Ok);
    let mut permitted = 0;
    for number in 10..200 {
        let status = status(&processes[number as usize % 2], number, "ann", "wrong").await;
        permitted += usize::from(status == Status::Unauthorized);
        assert!(matches!(status, Status::Unauthorized | Status::TooManyRequests), "{status}");
    }
    assert_eq!(permitted, 20);
    assert_eq!(checks(&processes[0]) + checks(&processes[1]), 21, "a throttled password is not checked");
    for process in &processes {
        assert_eq!(status(process, 1, "ann", "right").await, Status::Ok, "the owner is at home");
        assert_eq!(status(process, 9, "ann", "right").await, Status::TooManyRequests);
        assert_eq!(status(process, 9, "bob", "right").await, Status::Ok);
    }
}

#[rocket::async_test]
async fn apps_with_different_issuers_count_separately() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("throttle.account.attempts", 1);
    for issuer in ["https://a.example", "https://b.example"] {
        let process = process(&setup.clone().with("issuer", issuer)).await;
        assert_eq!(status(&process, 1, "ann", "wrong").await, Status::Unauthorized);
        assert_eq!(status(&process, 1, "ann", "wrong").await, Status::TooManyRequests);
    }
}

#[rocket::async_test]
async fn no_password_is_checked_while_redis_does_not_answer() {
    let mut server = RedisServer::start();
    let process = process(&Setup::redis(&server).with("store_timeout", "500ms")).await;
    assert_eq!(status(&process, 1, "ann", "wrong").await, Status::Unauthorized);
    server.stop();
    for password in ["wrong", "right"] {
        assert_eq!(status(&process, 1, "ann", password).await, Status::ServiceUnavailable);
    }
    assert_eq!(checks(&process), 1);
}

#[rocket::async_test]
async fn a_user_signs_in_although_the_attempt_cannot_be_given_back() {
    let server = Arc::new(RedisServer::start());
    let process = process(&Setup::redis(&server)).await;
    let breaks = {
        let server = Arc::clone(&server);
        move || {
            let key = keys(&server).pop().expect("the attempt is counted");
            server.query::<String>(&redis::Cmd::set(&key, "text"));
        }
    };
    process.rocket().state::<Checks>().expect("it is managed").breaks.set(Box::new(breaks)).ok();
    assert_eq!(status(&process, 1, "ann", "breaks").await, Status::Ok);
}

#[rocket::async_test]
async fn one_failed_attempt_is_forgotten_within_minutes() {
    let server = RedisServer::start();
    let process = process(&Setup::redis(&server)).await;
    status(&process, 1, "ann", "wrong").await;
    let key = keys(&server).pop().expect("the attempt is counted");
    assert!(!key.contains("ann"));
    assert!((170_000..=180_000).contains(&ttl(&server, &key)), "{}", ttl(&server, &key));
    status(&process, 1, "ann", "right").await;
    let days = ttl(&server, &key) as f64 / 86_400_000.0;
    assert!((29.9..=30.0).contains(&days), "a known network is remembered for {days} days");
}

#[rocket::async_test]
async fn attempts_that_are_given_back_leave_nothing_behind() {
    let server = RedisServer::start();
    let store = attempts(&server).await;
    let attempt = attempt(Network::of(v4(1)), now());
    store.reserve(&attempt).await.expect("Redis answers");
    assert_eq!(keys(&server).len(), 1);
    store.give_back(&attempt, false, false).await.expect("Redis answers");
    assert_eq!(keys(&server), Vec::<String>::new());
}

#[rocket::async_test]
async fn an_account_takes_little_memory_under_attack() {
    let server = RedisServer::start();
    let store = attempts(&server).await;
    let budget = Some(Budget::new(100_000, Duration::from_secs(86_400)));
    let limits = AttemptLimits::new(budget, budget, Duration::from_secs(86_400));
    for number in 0..2_000 {
        let network = Network::of(if number % 2 == 0 { v4(number) } else { v6(u128::from(number)) });
        let attempt = Attempt::new(Account::new(None, None, "ann"), network, limits, now());
        store.reserve(&attempt).await.expect("Redis answers");
        if number % 3 == 0 {
            store.give_back(&attempt, false, true).await.expect("Redis answers");
        }
    }
    let key = keys(&server).pop().expect("the attempts are counted");
    let fields: usize = server.query(&redis::Cmd::hlen(&key));
    assert_eq!(fields, Attempts::MAX_NETWORKS + Attempts::MAX_KNOWN + 1, "and the budget of new networks");
    let bytes: usize = server.query(redis::cmd("MEMORY").arg("USAGE").arg(&key));
    assert!(bytes < 3_000, "{bytes}");
    assert_eq!(server.query::<String>(redis::cmd("OBJECT").arg("ENCODING").arg(&key)), "listpack");
}

#[rocket::async_test]
async fn fields_that_others_have_written_do_no_harm() {
    let server = RedisServer::start();
    let store = attempts(&server).await;
    let attempt = attempt(Network::of(v4(1)), now());
    store.reserve(&attempt).await.expect("Redis answers");
    let key = keys(&server).pop().expect("the attempt is counted");
    let far = [0xff_u8; 6];
    for (field, value) in [
        (&b"n"[..], &far[..]),
        (&[0, 0, 0, 1], &far),
        (&[0, 0, 0, 2], &far),
        (b"", &far),
        (b"n2", b"text"),
        (&[0; 12], &far),
        (&[0; 40], &far[..3]),
    ] {
        server.query::<i64>(redis::cmd("HSET").arg(&key).arg(field).arg(value));
    }
    let later = |seconds| {
        Attempt::new(attempt.account, attempt.network, attempt.limits, now() + Duration::from_secs(seconds))
    };
    let throttled = store.reserve(&attempt).await.expect("Redis answers");
    assert!(format!("{throttled:?}").contains("Throttled"), "{throttled:?}");
    let again = store.reserve(&later(60)).await.expect("Redis answers");
    assert!(format!("{again:?}").contains("Reserved"), "{again:?}");
    assert!(ttl(&server, &key) <= 86_400_000, "the key is forgotten");
}

#[rocket::async_test]
async fn a_key_of_another_type_is_an_error() {
    let server = RedisServer::start();
    let process = process(&Setup::redis(&server)).await;
    status(&process, 1, "ann", "wrong").await;
    let key = keys(&server).pop().expect("the attempt is counted");
    server.query::<String>(&redis::Cmd::set(&key, "text"));
    assert_eq!(status(&process, 1, "ann", "right").await, Status::ServiceUnavailable);
    assert_eq!(checks(&process), 1);
}

/// The network of an attempt, the pause before it, in milliseconds, and whether it is given back and how.
type Step = (u32, i64, Option<bool>);

/// Which of the limits there are.
type Limits = (bool, bool);

#[test]
fn redis_matches_the_definition() {
    let server = RedisServer::start();
    let runtime = Runtime::new().expect("a runtime starts");
    let store = runtime.block_on(attempts(&server));
    let cases = Config::default().cases / 4;
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let steps = prop::collection::vec((0..90_u32, -40_000..40_000_i64, any::<Option<bool>>()), 1..200);
    let played = runner.run(&(steps, any::<Limits>()), |(steps, limits)| {
        let account = Account::new(None, None, &uuid::Uuid::new_v4().to_string());
        runtime.block_on(compare(&*store, &account, limits_of(limits), &steps))
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
}

async fn compare(
    store: &dyn AttemptStore,
    account: &Account,
    limits: AttemptLimits,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let (mut expected, mut now) = (Attempts::default(), now());
    for (number, pause, given_back) in steps {
        // Most attempts come at once, and half of them from one of five networks. A few come from a clock that is behind.
        now = match pause {
            30_000.. => now + Duration::from_millis(pause.unsigned_abs() - 30_000),
            ..-38_000 => Timestamp::from_millis(now.as_millis() - pause.unsigned_abs()),
            _ => now,
        };
        let number = if *number < 45 { number % 5 } else { *number };
        let attempt = Attempt::new(*account, Network::of(v4(number)), limits, now);
        let reserved = store.reserve(&attempt).await.expect("Redis answers");
        prop_assert_eq!(&reserved, &expected.reserve(&attempt));
        if let (Some(signed_in), Reservation::Reserved { known, .. }) = (given_back, reserved) {
            store.give_back(&attempt, known, *signed_in).await.expect("Redis answers");
            expected.give_back(&attempt, known, *signed_in);
        }
    }
    Ok(())
}

fn attempt(network: Network, now: Timestamp) -> Attempt {
    Attempt::new(Account::new(None, None, "ann"), network, limits(), now)
}

fn limits() -> AttemptLimits {
    limits_of((true, true))
}

fn limits_of((account, new): Limits) -> AttemptLimits {
    let budget =
        |is_on: bool, attempts, seconds| is_on.then(|| Budget::new(attempts, Duration::from_secs(seconds)));
    AttemptLimits::new(budget(account, 3, 60), budget(new, 30, 120), Duration::from_secs(86_400))
}

fn now() -> Timestamp {
    std::time::SystemTime::now().into()
}
