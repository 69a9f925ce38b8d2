//! Wall clocks that are wrong or get corrected. No revoked token is accepted again, and no process trusts stale knowledge.

use std::time::Duration;

use jsonwebtoken::Algorithm::{ES256, HS256};
use jwt_auth::JwtAuth;
use jwt_auth::clock::{Clock, ManualClock, Timestamp};
use jwt_auth_tests::{RedisServer, Setup, User, revoked, soon, unavailable, user};
use uuid::Uuid;

use super::{refused_soon, token_id};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Within this many seconds, a process searches all revocations in memory for expired ones.
const SWEEPS: u64 = 70;

/// Access tokens that would be valid if they had not been revoked.
struct Revoked(Vec<String>);

impl Revoked {
    /// Revokes a token by its session, a token by its id, and all tokens of a user, with and without a session.
    async fn by(auth: &JwtAuth) -> Self {
        let session = auth.generate_tokens(&user("alice")).await.expect("a login");
        let program = auth.create_access_token(&user("bob")).await.expect("a token");
        let everywhere = auth.generate_tokens(&user("carol")).await.expect("a login");
        let carols = auth.create_access_token(&user("carol")).await.expect("a token");
        let tokens = vec![session.access_token, program, everywhere.access_token, carols];
        for token in &tokens {
            auth.verify::<User>(token).expect("the token is valid, and may now be cached");
        }
        assert!(auth.invalidate_refresh_token(&session.refresh_token).await.expect("a logout"));
        auth.revoke_access_token(token_id(&tokens[1])).await.expect("a revocation");
        assert_eq!(auth.revoke_subject::<User>("carol").await.expect("a logout everywhere"), 1);
        Self(tokens)
    }

    async fn reach(&self, auth: &JwtAuth) {
        for token in &self.0 {
            refused_soon(auth, token).await;
        }
    }

    /// Asserts that a process rejects the tokens because they were revoked, not because of their dates.
    fn assert_known(&self, auth: &JwtAuth, when: &str) {
        for (number, token) in self.0.iter().enumerate() {
            assert!(revoked(auth.verify::<User>(token)), "token {number} is accepted again {when}");
        }
    }
}

/// Lets processes run for a while, so that they revoke other tokens and forget expired revocations.
async fn run(processes: &[&JwtAuth], clock: &ManualClock) {
    for second in 0..SWEEPS {
        clock.advance(Duration::from_secs(1));
        for auth in processes {
            auth.revoke_session::<User>("another user", Uuid::new_v4()).await.expect("no error");
            auth.revoke_access_token(Uuid::new_v4()).await.expect("no error");
            auth.revoke_subject::<User>(format!("user {second}")).await.expect("no error");
        }
    }
}

fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(time.as_millis() - by.as_millis() as u64)
}

#[rocket::async_test]
async fn a_wall_clock_that_jumps_ahead_and_back_revives_no_revoked_token() {
    let server = RedisServer::start();
    for (algorithm, jump) in [(HS256, MINUTE), (HS256, 5 * MINUTE), (ES256, HOUR), (HS256, YEAR)] {
        let setup = Setup::redis(&server).key(algorithm);
        let (one, other) = (setup.launch().await, setup.launch().await);
        let tokens = Revoked::by(&one).await;
        tokens.reach(&other).await;
        // Two minutes before the tokens expire.
        setup.clock.advance(13 * MINUTE);
        setup.clock.set(setup.clock.now() + jump);
        run(&[&one, &other], &setup.clock).await;
        setup.clock.set(earlier(setup.clock.now(), jump));
        for process in [&one, &other] {
            tokens.assert_known(process, &format!("after a jump of {jump:?}"));
        }
    }
}

#[rocket::async_test]
async fn a_wall_clock_that_is_set_back_revives_no_revoked_token() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let tokens = Revoked::by(&one).await;
    tokens.reach(&other).await;
    // Longer than a token lives. The wall clock does not advance, as if it had been set back.
    setup.clock.advance_monotonic(HOUR);
    run(&[&one, &other], &setup.clock).await;
    for process in [&one, &other] {
        tokens.assert_known(process, "after the wall clock was set back");
    }
}

#[rocket::async_test]
async fn a_process_started_with_a_wrong_clock_remembers_earlier_revocations() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let tokens = Revoked::by(&setup.launch().await).await;
    let now = setup.clock.now();
    for (wrong, what) in [
        (Timestamp::from_secs(0), "a clock that started in 1970"),
        (earlier(now, 3 * YEAR), "a clock that was years behind"),
        (earlier(now, HOUR), "a clock that was an hour behind"),
        (now + 3 * YEAR, "a clock that was years ahead"),
    ] {
        let mut late = setup.clone();
        late.clock = ManualClock::at(wrong);
        let process = late.launch().await;
        late.clock.set(now);
        tokens.assert_known(&process, &format!("with {what}, corrected"));
        run(&[&process], &late.clock).await;
        tokens.assert_known(&process, &format!("a minute after {what} was corrected"));
    }
}

#[rocket::async_test]
async fn a_process_is_stale_by_the_monotonic_clock_if_the_wall_clock_steps_back() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("when_stale", "refuse").with("stale_after", "10s");
    let auth = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    pause(&server).await;
    auth.verify::<User>(&alice.access_token).expect("the feed was read recently");

    // Less than `leeway`, so the token is valid.
    setup.clock.set(earlier(setup.clock.now(), Duration::from_secs(8)));
    setup.clock.advance_monotonic(Duration::from_secs(9));
    auth.verify::<User>(&alice.access_token).expect("nine seconds have passed");
    setup.clock.advance_monotonic(Duration::from_secs(2));
    unavailable(auth.verify::<User>(&alice.access_token));

    server.resume();
    soon("the feed is read again", || auth.verify::<User>(&alice.access_token).is_ok()).await;
}

#[rocket::async_test]
async fn a_process_whose_wall_clock_jumps_ahead_is_stale_until_it_reads_the_feed() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("when_stale", "refuse").with("stale_after", "10s");
    let auth = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    pause(&server).await;
    setup.clock.set(setup.clock.now() + MINUTE);
    unavailable(auth.verify::<User>(&alice.access_token));
    server.resume();
    soon("the feed is read again", || auth.verify::<User>(&alice.access_token).is_ok()).await;

    // With the right time again, the process is stale when either clock says so.
    pause(&server).await;
    setup.clock.set(earlier(setup.clock.now(), MINUTE));
    auth.verify::<User>(&alice.access_token).expect("the feed was read recently");
    setup.clock.advance_monotonic(Duration::from_secs(11));
    unavailable(auth.verify::<User>(&alice.access_token));
    server.resume();
    soon("the feed is read again", || auth.verify::<User>(&alice.access_token).is_ok()).await;
}

/// Stops the feed, and waits because a read in progress may still succeed.
async fn pause(server: &RedisServer) {
    server.pause();
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
}
