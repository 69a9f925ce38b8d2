//! The Redis stream and channel for revocations: what they contain, and for how long.

use jwt_auth_tests::{Log, RedisServer, Setup, User, access_token, soon, unavailable, user};

use super::{pair_of_processes, refused_soon, token_id};

#[rocket::async_test]
async fn entries_from_a_later_version_are_skipped() {
    let (server, setup, one, other) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    for entry in ["zsomething from that version", "z"] {
        server.run(&format!("PUBLISH jwt-auth:revocations:0 {}", entry.replace(' ', "-")));
        let _: String = server.query(redis::cmd("XADD").arg(&stream).arg("*").arg("r").arg(entry));
    }
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&other, &alice.access_token).await;
    assert!(
        setup.launch().await.verify::<User>(&alice.access_token).is_err(),
        "a new process does not read past the unknown entry"
    );
}

#[rocket::async_test]
async fn revocations_in_another_database_of_the_server_are_ignored() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let production = setup.launch().await;
    let staging = setup.clone().with("redis", server.url().replace("/0", "/1")).launch().await;
    let [alice, bob] = ["alice", "bob"].map(|name| access_token(&production, &user(name)));
    staging.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    setup.launch().await.revoke_subject::<User>("bob").await.expect("a logout everywhere");
    refused_soon(&production, &bob).await;
    production.verify::<User>(&alice).expect("staging has its own Alice");
}

#[rocket::async_test]
async fn a_new_process_knows_earlier_revocations() {
    let (_server, setup, one, _) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let program = one.create_access_token(&user("alice")).await.expect("a token");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    one.revoke_access_token(token_id(&program)).await.expect("a revocation");
    let new = setup.launch().await;
    for token in [&alice.access_token, &program] {
        assert!(new.verify::<User>(token).is_err(), "a new process does not know the revocation");
    }
}

#[rocket::async_test]
async fn a_process_with_a_shorter_access_ttl_does_not_forget_revocations_early() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let long = setup.clone().with("access_ttl", "1h").launch().await;
    let short = setup.launch().await;
    let alice = long.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    short.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&long, &alice.access_token).await;

    // The longest `access_ttl` of all processes determines how long the stream is kept.
    let ttl = || server.query::<i64>(redis::cmd("TTL").arg(&stream));
    soon("the stream is kept for more than an hour", || ttl() > 60 * 60).await;
    // A token issued longer than `access_ttl` ago is rejected anyway, so its revocation can be forgotten.
    setup.advance(16 * 60);
    assert!(short.verify::<User>(&alice.access_token).is_err(), "a revoked token is accepted");
}

#[rocket::async_test]
async fn the_stream_is_trimmed_to_revocations_of_tokens_that_can_still_be_valid() {
    const MINUTE: u64 = 60_000;
    const EACH: usize = 1_000;
    let (server, _setup, one, _other) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    let (seconds, _): (u64, u64) = server.query(&redis::cmd("TIME"));
    for minutes in [60, 10] {
        let add =
            "for n = 0, ARGV[2] - 1 do redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. n + 1, 'r', '') end";
        let mut command = redis::cmd("EVAL");
        command.arg(add).arg(1).arg(&stream).arg(seconds * 1_000 - minutes * MINUTE).arg(EACH);
        let _: redis::Value = server.query(&command);
    }

    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    let len: usize = server.query(redis::cmd("XLEN").arg(&stream));
    // Redis trims about a hundred entries at a time.
    assert!((EACH + 1..=EACH + 101).contains(&len), "{len} of 2001 entries remain");
    let ttl: i64 = server.query(redis::cmd("TTL").arg(&stream));
    assert!((900..1_000).contains(&ttl), "the stream is kept for {ttl} seconds");
}

#[rocket::async_test]
async fn without_access_to_the_channel_the_stream_is_polled() {
    let server = RedisServer::start();
    server.run("ACL SETUSER app on >s3cr3t ~* resetchannels +@all -config");
    let setup = Setup::on(server.url().replace("redis://", "redis://app:s3cr3t@"));
    let log = Log::capture();
    let (one, other) = (setup.launch().await, setup.launch().await);
    assert!(log.text().contains("does not let this user subscribe"), "{}", log.text());
    assert!(!log.text().contains("s3cr3t"), "the log contains a password: {}", log.text());
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&other, &alice.access_token).await;
}

#[rocket::async_test]
async fn nothing_is_revoked_if_the_stream_cannot_be_written() {
    let (server, _setup, one, _other) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    server.run(&format!("SET {stream} garbage"));
    unavailable(one.invalidate_refresh_token(&alice.refresh_token).await);
    unavailable(one.revoke_subject::<User>("alice").await);
    server.run(&format!("DEL {stream}"));
    assert!(one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout"));
}
