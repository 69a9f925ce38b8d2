//! Sessions in a real Redis Cluster.

use std::collections::BTreeSet;
use std::time::Duration;

use jwt_auth::store::{RedisOptions, RedisServers, RedisStore, conformance};
use jwt_auth::{JwtAuth, TokenPair};
use jwt_auth_tests::{Log, RedisCluster, Setup, User, access_token, refresh, unavailable, user};
use rocket::futures::future::join_all;
use uuid::Uuid;

use crate::clients::{Clients, refused_soon};

const USERS: usize = 60;

async fn launch(cluster: &RedisCluster) -> (Setup, JwtAuth) {
    // During a failover, several requests in a row may each wait for the whole timeout.
    let setup = Setup::on(cluster.urls()).with("store_timeout", "2s");
    let auth = setup.launch().await;
    (setup, auth)
}

#[rocket::async_test]
async fn a_cluster_conforms() {
    let cluster = RedisCluster::start();
    let mut options = RedisOptions::default();
    options.timeout = Duration::from_secs(10);
    let store = RedisStore::connect(RedisServers::Cluster(cluster.urls()), options).await;
    conformance::check(store.expect("the cluster is available")).await;
}

#[rocket::async_test]
async fn users_are_spread_over_the_slots() {
    let cluster = RedisCluster::start();
    let (_setup, auth) = launch(&cluster).await;
    for name in names() {
        auth.generate_tokens(&user(&name)).await.expect("a login");
    }
    let nasty_names = ["{a}{b}", "{}", "}{", "a*?[b]", "a\r\nb", "{jwt-auth}", &"x".repeat(2_000)];
    for nasty in nasty_names {
        let pair = auth.generate_tokens(&user(nasty)).await.expect("a login");
        refresh(&auth, &pair.refresh_token).await.expect("a refresh");
        assert_eq!(auth.revoke_subject::<User>(nasty).await.expect("a logout everywhere"), 1, "{nasty:?}");
    }
    let mut all = 0;
    for master in &cluster.nodes[..3] {
        let keys = master.session_keys();
        assert!(keys.len() > USERS / 10, "a master has {} of {USERS} users", keys.len());
        all += keys.len();
        let tags: BTreeSet<&str> = keys.iter().map(|key| &key[..key.find('}').expect("a tag")]).collect();
        assert!(tags.len() > 5, "too few slots are used: {tags:?}");
    }
    assert_eq!(
        all,
        USERS + nasty_names.len(),
        "a user who was logged out everywhere keeps a key with the revision"
    );
}

#[rocket::async_test]
async fn one_url_with_credentials_is_enough_to_reach_every_node() {
    let cluster = RedisCluster::start();
    for node in &cluster.nodes {
        node.run("ACL SETUSER app on >s3cr3t ~* &* +@all");
    }
    let url = cluster.nodes[4].url().replace("redis://", "redis://app:s3cr3t@");
    let auth = Setup::on([url]).launch().await;
    let pairs = login(&auth).await;
    for master in &cluster.nodes[..3] {
        assert!(!master.session_keys().is_empty());
        let clients = master.ask("CLIENT LIST");
        assert!(clients.contains(" user=app "), "{clients}");
    }
    for pair in &pairs {
        refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    }
}

#[rocket::async_test]
async fn revocations_on_any_master_reach_every_process() {
    let cluster = RedisCluster::start();
    let (setup, one) = launch(&cluster).await;
    let other = setup.launch().await;
    let pairs = login(&one).await;
    for pair in &pairs {
        assert!(one.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout"));
    }
    // Revoked ids are spread over the slots, too.
    let programs: Vec<String> = names().map(|name| access_token(&one, &user(&name))).collect();
    for program in &programs {
        let program = one.verify::<User>(program).expect("a valid token");
        one.revoke_access_token(&program).await.expect("a revocation");
    }
    let tokens: Vec<&String> = pairs.iter().map(|pair| &pair.access_token).chain(&programs).collect();
    for token in &tokens {
        refused_soon(&other, token).await;
    }
    let new = setup.launch().await;
    for token in &tokens {
        assert!(new.verify::<User>(token).is_err(), "the process starts without knowing the revocation");
    }
}

#[rocket::async_test]
async fn a_failover_under_load_ends_no_session_and_revives_none() {
    let mut cluster = RedisCluster::start();
    let (setup, auth) = launch(&cluster).await;
    let other = setup.launch().await;
    let mut revoked = login(&auth).await;
    let meanwhile = login(&auth).await;
    for pair in &revoked {
        auth.revoke_session::<User>(subject(&auth, pair), session(&auth, pair)).await.expect("a logout");
    }
    for replica in &cluster.nodes[3..] {
        replica.run("PING");
    }

    let clients = Clients::start(&auth, names()).await;
    clients.for_a_while(Duration::from_millis(500)).await;
    cluster.nodes[0].stop();
    for pair in meanwhile {
        let again = async || auth.invalidate_refresh_token(&pair.refresh_token).await.is_ok();
        crate::clients::soon("a logout succeeds", again).await;
        revoked.push(pair);
    }
    clients.until_all_refreshed_again().await;
    cluster.wait_for_failover(0);
    let seen = clients.stop().await;
    eprintln!("a master was killed under load: {seen:?}");
    assert!(seen.refreshed > USERS, "the clients continued: {seen:?}");
    assert_eq!(seen.refused, 0, "no user was logged out: {seen:?}");

    for pair in &revoked {
        assert!(refresh(&auth, &pair.refresh_token).await.is_err(), "an ended session is alive again");
        assert!(auth.verify::<User>(&pair.access_token).is_err());
        refused_soon(&other, &pair.access_token).await;
    }
    // Logouts still reach the other process.
    for pair in login(&auth).await {
        auth.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout");
        refused_soon(&other, &pair.access_token).await;
    }
}

#[rocket::async_test]
async fn a_failover_that_loses_refreshes_logs_no_user_out() {
    let mut cluster = RedisCluster::start();
    let (setup, auth) = launch(&cluster).await;
    let mut pairs = login(&auth).await;
    // The replica has the logins, but it misses everything that is written from here on.
    cluster.nodes[0].run("WAIT 1 5000");
    cluster.nodes[3].pause();
    cluster.nodes[0].run("CLIENT KILL TYPE replica");
    for _ in 0..2 {
        // Longer than the grace period, so the replica does not even know the previous token.
        setup.advance(60);
        for pair in &mut pairs {
            *pair = refresh(&auth, &pair.refresh_token).await.expect("the master responds");
        }
    }
    cluster.nodes[0].stop();
    cluster.nodes[3].resume();
    cluster.wait_for_failover(0);

    setup.advance(60);
    crate::clients::soon("the new master responds", async || {
        let results = join_all(pairs.iter().map(|pair| auth.check_refresh_token(&pair.refresh_token))).await;
        results.iter().all(Result::is_ok)
    })
    .await;
    for pair in &pairs {
        refresh(&auth, &pair.refresh_token).await.expect("no user is logged out");
    }
}

#[rocket::async_test]
async fn a_hanging_master_does_not_block_requests_to_the_other_masters() {
    let cluster = RedisCluster::start();
    let setup = Setup::on(cluster.urls()).with("store_timeout", "300ms");
    let auth = setup.launch().await;
    let pairs = login(&auth).await;
    cluster.nodes[0].pause();
    let (mut unanswered, mut blocked) = (0, 0);
    for _ in 0..4 {
        let results = join_all(pairs.iter().map(|pair| auth.check_refresh_token(&pair.refresh_token))).await;
        unanswered = results.iter().filter(|result| result.is_err()).count();
        blocked += usize::from(unanswered >= USERS * 2 / 3);
        for result in results {
            if result.is_err() {
                unavailable(result);
            }
        }
    }
    assert!(unanswered > 0, "the hanging master has users");
    // A change in the cluster's topology or a busy machine may delay every request for a moment.
    assert!(blocked < 4, "requests to the other masters were blocked every time");
    cluster.wait_for_failover(0);
    crate::clients::soon("every user gets a response again", async || {
        let results = join_all(pairs.iter().map(|pair| auth.check_refresh_token(&pair.refresh_token))).await;
        results.iter().all(Result::is_ok)
    })
    .await;
    cluster.nodes[0].resume();
}

#[rocket::async_test]
async fn revocations_on_other_masters_arrive_while_one_is_unavailable() {
    let mut cluster = RedisCluster::start();
    let (setup, auth) = launch(&cluster).await;
    let other = setup.launch().await;
    let careful = setup.clone().with("when_stale", "refuse").launch().await;
    let pairs = login(&auth).await;
    for node in [0, 3] {
        cluster.nodes[node].stop();
    }
    // Some reads fail before the first logout, and some between two logouts.
    rocket::tokio::time::sleep(Duration::from_millis(1_500)).await;
    let mut received = 0;
    for pair in &pairs {
        if auth.invalidate_refresh_token(&pair.refresh_token).await.is_ok() {
            refused_soon(&other, &pair.access_token).await;
            received += 1;
        }
    }
    assert!(received > USERS / 3 && received < USERS, "{received} of {USERS}");

    // Longer than `stale_after`: the missing part of the feed could contain a revocation.
    setup.advance(11);
    let live = pairs.iter().find(|pair| other.verify::<User>(&pair.access_token).is_ok());
    unavailable(careful.verify::<User>(&live.expect("some users were not logged out").access_token));
    let error = setup.rocket().ignite().await.expect_err("part of the feed cannot be read");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
}

#[rocket::async_test]
async fn a_master_that_may_evict_sessions_is_logged_as_a_warning() {
    let cluster = RedisCluster::start();
    let log = Log::capture();
    launch(&cluster).await;
    assert!(!log.text().contains("maxmemory-policy"), "{}", log.text());
    cluster.nodes[1].run("CONFIG SET maxmemory-policy volatile-ttl");
    launch(&cluster).await;
    assert!(log.text().contains("`maxmemory-policy volatile-ttl`"), "{}", log.text());
}

#[rocket::async_test]
async fn with_wait_replicas_a_logout_waits_for_replicas() {
    let mut cluster = RedisCluster::start();
    let setup = Setup::on(cluster.urls()).with("wait_replicas", 1).with("store_timeout", "2s");
    let auth = setup.launch().await;
    let pairs = login(&auth).await;
    let (some, rest) = pairs.split_at(USERS / 2);
    for pair in some {
        auth.revoke_access_token(Uuid::new_v4()).await.expect("a replica confirms");
        assert!(auth.invalidate_refresh_token(&pair.refresh_token).await.expect("a replica confirms"));
    }
    for replica in &mut cluster.nodes[3..] {
        replica.stop();
    }
    for pair in &rest[..3] {
        for _ in 0..2 {
            unavailable(auth.invalidate_refresh_token(&pair.refresh_token).await);
        }
        assert!(refresh(&auth, &pair.refresh_token).await.is_err(), "the session was ended anyway");
    }
    unavailable(auth.revoke_access_token(Uuid::new_v4()).await);
    for replica in &mut cluster.nodes[3..] {
        replica.restart();
    }
    crate::clients::soon("a logout is confirmed", async || {
        auth.invalidate_refresh_token(&rest[0].refresh_token).await.is_ok()
    })
    .await;
}

fn names() -> impl Iterator<Item = String> {
    (0..USERS).map(|n| format!("user {n}"))
}

async fn login(auth: &JwtAuth) -> Vec<TokenPair> {
    let mut pairs = Vec::new();
    for name in names() {
        pairs.push(auth.generate_tokens(&user(&name)).await.expect("a login"));
    }
    pairs
}

fn subject(auth: &JwtAuth, pair: &TokenPair) -> String {
    auth.verify::<User>(&pair.access_token).expect("a valid token").name.clone()
}

fn session(auth: &JwtAuth, pair: &TokenPair) -> uuid::Uuid {
    auth.verify::<User>(&pair.access_token)
        .expect("a valid token")
        .session_id()
        .expect("the token has a session")
}
