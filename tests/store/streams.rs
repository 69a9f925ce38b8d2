//! Streams that outlive the access token of their request, and end with its session.

use std::time::Duration;

use jwt_auth::{Auth, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, arrive, refresh, user};
use rocket::futures::{StreamExt, stream};
use rocket::tokio::task::JoinHandle;
use rocket::tokio::time::{sleep, timeout};
use rocket::tokio::{join, spawn};

/// How long an access token is accepted, in seconds.
const ACCESS_TTL: u64 = 15 * 60;

/// A stream on a connection of its own.
struct Open(JoinHandle<()>);

impl Open {
    fn new(auth: &JwtAuth, user: &Auth<User>) -> Self {
        Self(spawn(auth.ended(user)))
    }

    /// Asserts that the stream is still open a moment later.
    async fn assert_open(&self, when: &str) {
        sleep(Duration::from_millis(300)).await;
        assert!(!self.0.is_finished(), "{when}");
    }

    async fn assert_ends(self, when: &str) {
        let ended = timeout(Duration::from_secs(5), self.0).await;
        ended.unwrap_or_else(|_| panic!("it stays open: {when}")).expect("it does not panic");
    }
}

async fn login(auth: &JwtAuth) -> (TokenPair, Open) {
    let pair = auth.generate_tokens(&user("ann")).await.expect("a login");
    let open = Open::new(auth, &auth.verify(&pair.access_token).expect("a token"));
    (pair, open)
}

async fn every_end_of_a_session_ends_its_streams_and_no_others(setup: Setup) {
    let auth = setup.launch().await;
    let (_, open) = login(&auth).await;
    let (logout, ends) = login(&auth).await;
    auth.invalidate_refresh_token(&logout.refresh_token).await.expect("a logout");
    ends.assert_ends("a logout").await;

    let (ended, ends) = login(&auth).await;
    let id = auth.verify::<User>(&ended.access_token).expect("a token").session_id().expect("a session");
    auth.revoke_session::<User>("ann", id).await.expect("the session ends");
    ends.assert_ends("the session was ended").await;

    let (stolen, ends) = login(&auth).await;
    let next = refresh(&auth, &stolen.refresh_token).await.expect("a refresh");
    arrive::<User>(&auth, &next).await;
    setup.advance(31);
    refresh(&auth, &stolen.refresh_token).await.expect_err("a reuse");
    ends.assert_ends("its refresh token was reused").await;

    let (revoked, ends) = login(&auth).await;
    let token = auth.verify::<User>(&revoked.access_token).expect("a token");
    auth.revoke_access_token(&token).await.expect("the token is revoked");
    ends.assert_ends("its access token was revoked").await;

    let (here, _) = login(&auth).await;
    let here = auth.verify::<User>(&here.access_token).expect("a token");
    let (spared, program) =
        (Open::new(&auth, &here), auth.create_access_token(&user("ann")).await.expect("a token"));
    let program = Open::new(&auth, &auth.verify(&program).expect("a token"));
    open.assert_open("none of this was about it").await;
    auth.revoke_others(&here).await.expect("the other sessions end");
    open.assert_ends("all other sessions were ended").await;
    program.assert_ends("all other tokens were revoked").await;
    spared.assert_open("it was spared").await;
    auth.revoke_subject::<User>("ann").await.expect("all sessions end");
    spared.assert_ends("a logout everywhere").await;
}

async fn a_stream_lasts_as_long_as_the_session_whatever_its_token_says(setup: Setup) {
    let setup = setup.with("refresh_ttl", "1h").with("session_ttl", "2h");
    let auth = setup.launch().await;
    let (mut pair, open) = login(&auth).await;
    for _ in 0..4 {
        setup.advance(ACCESS_TTL + 60);
        open.assert_open("the session lives, though no one has refreshed it").await;
        pair = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    }
    setup.advance(60 * 60);
    open.assert_ends("no one has refreshed the session for an hour").await;
}

async fn a_stream_without_a_session_lasts_as_long_as_its_token(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.create_access_token(&user("ann")).await.expect("a token");
    let open = Open::new(&auth, &auth.verify(&token).expect("a token"));
    setup.advance(ACCESS_TTL - 1);
    open.assert_open("the token is valid").await;
    setup.advance(1);
    open.assert_ends("the token has expired").await;
}

async fn a_stream_yields_its_items_until_the_session_ends(setup: Setup) {
    let auth = setup.launch().await;
    let (pair, _) = login(&auth).await;
    let user = auth.verify::<User>(&pair.access_token).expect("a token");
    let few: Vec<i32> = auth.while_valid(&user, stream::iter([1, 2, 3])).collect().await;
    assert_eq!(few, [1, 2, 3], "a stream may also end by itself");

    let endless = stream::unfold(0, |n| async move {
        sleep(Duration::from_millis(10)).await;
        Some((n, n + 1))
    });
    let items = spawn(auth.while_valid(&user, endless).collect::<Vec<i32>>());
    sleep(Duration::from_millis(100)).await;
    auth.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout");
    let items = timeout(Duration::from_secs(5), items).await.expect("it ends").expect("it does not panic");
    assert!(!items.is_empty() && items.iter().copied().eq(0..items.len() as i32), "{items:?}");

    let late: Vec<i32> = auth.while_valid(&user, stream::repeat(1)).collect().await;
    assert_eq!(late, [] as [i32; 0], "the session has ended");
}

on_every_store!(
    every_end_of_a_session_ends_its_streams_and_no_others,
    a_stream_lasts_as_long_as_the_session_whatever_its_token_says,
    a_stream_without_a_session_lasts_as_long_as_its_token,
    a_stream_yields_its_items_until_the_session_ends,
);

#[rocket::async_test]
async fn a_logout_in_one_process_ends_the_streams_of_all() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = join!(setup.launch(), setup.launch());
    for everywhere in [false, true] {
        let (pair, here) = login(&one).await;
        let there = Open::new(&other, &other.verify(&pair.access_token).expect("a token"));
        there.assert_open("the session lives").await;
        match everywhere {
            true => drop(one.revoke_subject::<User>("ann").await.expect("a logout everywhere")),
            false => drop(one.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout")),
        }
        here.assert_ends("a logout in this process").await;
        there.assert_ends("a logout in another process").await;
    }
}

/// No process hears of revocations then, but each asks the store when the token expires.
#[rocket::async_test]
async fn without_revocations_a_stream_ends_when_its_token_expires_after_the_logout() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("revocation", "off");
    let (one, other) = join!(setup.launch(), setup.launch());
    let (pair, here) = login(&one).await;
    let open = Open::new(&other, &other.verify(&pair.access_token).expect("a token"));
    one.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout");
    here.assert_ends("this process knows").await;
    open.assert_open("the token is valid").await;
    setup.advance(ACCESS_TTL);
    open.assert_ends("the token has expired").await;
}

#[rocket::async_test]
async fn a_store_that_is_down_when_the_token_expires_is_asked_again() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "300ms");
    let auth = setup.launch().await;
    let (_, survives) = login(&auth).await;
    let (_, ends) = login(&auth).await;
    server.pause();
    setup.advance(ACCESS_TTL);
    survives.assert_open("the store has not answered").await;
    server.resume();
    sleep(Duration::from_secs(1)).await;
    setup.advance(ACCESS_TTL - 10);
    survives.assert_open("the store has answered").await;

    server.stop();
    setup.advance(ACCESS_TTL);
    survives.assert_open("the store has not answered").await;
    setup.advance(ACCESS_TTL);
    survives.assert_ends("the store has not answered for the lifetime of an access token").await;
    ends.assert_ends("the same").await;
}

#[rocket::async_test]
async fn a_stale_feed_ends_streams_if_it_also_rejects_requests() {
    for (when_stale, ends) in [("continue", false), ("refuse", true)] {
        let mut server = RedisServer::start();
        let setup = Setup::redis(&server).with("when_stale", when_stale).with("stale_after", "30s");
        let auth = setup.launch().await;
        let (_, open) = login(&auth).await;
        server.stop();
        setup.advance(60);
        match ends {
            true => open.assert_ends("requests are rejected, too").await,
            false => open.assert_open("requests are accepted, too").await,
        }
    }
}
