//! Sessions in a real Redis that sentinels monitor.

use std::time::Duration;

use jwt_auth_tests::{Log, RedisSentinels, RedisServer, Setup, User, refresh, user};

use crate::clients::{Clients, refused_soon, soon};

#[rocket::async_test]
async fn a_failover_under_load_ends_no_session_and_revives_none() {
    let mut redis = RedisSentinels::start();
    let setup = Setup::on(redis.setting());
    let auth = setup.launch().await;
    let other = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    auth.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");

    let clients = Clients::start(&auth, (0..20).map(|n| format!("user {n}"))).await;
    clients.for_a_while(Duration::from_millis(500)).await;
    redis.servers[0].stop();
    clients.until_all_refreshed_again().await;
    let seen = clients.stop().await;
    eprintln!("a master was killed under load: {seen:?}");
    assert_eq!(seen.refused, 0, "no user was logged out: {seen:?}");
    assert!(seen.unavailable > 0, "no request was affected by the failover: {seen:?}");

    assert!(refresh(&auth, &alice.refresh_token).await.is_err(), "an ended session is alive again");
    assert!(other.verify::<User>(&alice.access_token).is_err());
    let bob = auth.generate_tokens(&user("bob")).await.expect("a login");
    auth.invalidate_refresh_token(&bob.refresh_token).await.expect("a logout");
    refused_soon(&other, &bob.access_token).await;
}

#[rocket::async_test]
async fn credentials_and_database_are_used_for_every_master() {
    let mut redis = RedisSentinels::start();
    for server in &redis.servers {
        server.run("ACL SETUSER app on >s3cr3t ~* &* +@all");
    }
    let mut setting = redis.setting();
    setting["username"] = "app".into();
    setting["password"] = "s3cr3t".into();
    setting["database"] = 3.into();
    let auth = Setup::on(&setting).launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert!(is_served(&redis.servers[0]), "{}", redis.servers[0].ask("CLIENT LIST"));

    let are_copied =
        async || redis.servers[1..].iter().all(|replica| replica.ask("INFO keyspace").contains("db3:keys="));
    soon("the replicas have the session", are_copied).await;
    redis.servers[0].stop();
    let again = async || auth.check_refresh_token(&alice.refresh_token).await.is_ok();
    soon("the new master responds", again).await;
    assert!(
        redis.servers[1..].iter().any(is_served),
        "the new master is not used with the same user and database"
    );

    setting["password"] = "wr0ng".into();
    let log = Log::capture();
    let error = Setup::on(setting).rocket().ignite().await.expect_err("the password is wrong");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
    assert!(log.text().contains("cannot connect to the Redis server"), "{}", log.text());
    assert!(!log.text().contains("wr0ng"), "the log contains a password: {}", log.text());
}

/// Whether a server has a client with the user and the database of the settings.
fn is_served(server: &RedisServer) -> bool {
    server.ask("CLIENT LIST").lines().any(|client| client.contains(" db=3 ") && client.contains(" user=app "))
}

#[rocket::async_test]
async fn an_unknown_master_name_stops_the_launch() {
    let redis = RedisSentinels::start();
    let mut setting = redis.setting();
    setting["master"] = "unknown".into();
    let error = Setup::on(setting).rocket().ignite().await.expect_err("there is no such master");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
}
