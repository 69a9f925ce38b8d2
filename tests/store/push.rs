//! What one process revokes, every process that shares its Redis refuses.

use std::time::Duration;

use jwt_auth::{Auth, AuthError, InvalidGrant, JwtAuth};
use jwt_auth_tests::{
    Log, RedisServer, Setup, User, payload, refresh, refusal, revoked, soon, unavailable, user,
};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;

use crate::proxy::Proxy;

/// Two processes on one Redis.
async fn pair_of_processes() -> (RedisServer, Setup, JwtAuth, JwtAuth) {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    (server, setup, one, other)
}

#[rocket::async_test]
async fn whatever_ends_a_session_is_heard_of() {
    let (_server, setup, one, other) = pair_of_processes().await;
    let alice = user("alice");
    let login = async || one.generate_tokens(&alice).await.expect("a login");

    let logout = login().await;
    one.invalidate_refresh_token(&logout.refresh_token).await.expect("a logout");
    refused_soon(&other, &logout.access_token).await;

    let ended = login().await;
    one.revoke_session("alice", session(&one, &ended.access_token)).await.expect("a session is ended");
    refused_soon(&other, &ended.access_token).await;

    let everywhere = [login().await, login().await];
    one.revoke_subject("alice").await.expect("a logout everywhere");
    for pair in &everywhere {
        refused_soon(&other, &pair.access_token).await;
    }

    let stolen = login().await;
    let next = refresh(&one, &stolen.refresh_token).await.expect("a refresh");
    setup.advance(31);
    assert_eq!(refusal(refresh(&one, &stolen.refresh_token).await), InvalidGrant::Reused);
    refused_soon(&other, &next.access_token).await;
}

#[rocket::async_test]
async fn a_session_that_had_to_make_room_is_heard_of() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("max_sessions", 1);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let first = one.generate_tokens(&user("alice")).await.expect("a login");
    let second = one.generate_tokens(&user("alice")).await.expect("a login");
    refused_soon(&other, &first.access_token).await;
    other.verify::<User>(&second.access_token).expect("the new session lives");
}

#[rocket::async_test]
async fn a_logout_everywhere_does_not_concern_a_login_in_the_same_second() {
    let (_server, _setup, one, other) = pair_of_processes().await;
    let before = one.generate_tokens(&user("alice")).await.expect("a login");
    one.revoke_subject("alice").await.expect("a logout everywhere");
    let after = one.generate_tokens(&user("alice")).await.expect("a login");
    refused_soon(&other, &before.access_token).await;
    for process in [&one, &other] {
        process.verify::<User>(&after.access_token).expect("the new session lives");
    }
}

#[rocket::async_test]
async fn a_logout_everywhere_ends_tokens_of_no_session() {
    let (_server, setup, one, other) = pair_of_processes().await;
    let before = one.create_access_token(&user("alice")).expect("a token");
    let bobs = one.create_access_token(&user("bob")).expect("a token");
    one.revoke_subject("alice").await.expect("a logout everywhere");
    refused_soon(&one, &before).await;
    refused_soon(&other, &before).await;
    other.verify::<User>(&bobs).expect("it is of somebody else");

    setup.advance(1);
    let after = one.create_access_token(&user("alice")).expect("a token");
    other.verify::<User>(&after).expect("it was issued later");
}

#[rocket::async_test]
async fn one_access_token_is_ended_and_nothing_else() {
    let (_server, _setup, one, other) = pair_of_processes().await;
    let [ended, by_id, left] = [(); 3].map(|()| one.create_access_token(&user("alice")).expect("a token"));
    one.revoke_access_token(&one.verify::<User>(&ended).expect("it is good")).await.expect("it is ended");
    // As it is kept in a database.
    other.revoke_access_token(token_id(&by_id)).await.expect("it is ended");
    for token in [&ended, &by_id] {
        refused_soon(&one, token).await;
        refused_soon(&other, token).await;
    }

    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    other.revoke_access_token(token_id(&alice.access_token)).await.expect("it is ended");
    refused_soon(&one, &alice.access_token).await;
    let next = refresh(&one, &alice.refresh_token).await.expect("the session lives");
    for process in [&one, &other] {
        for token in [&left, &next.access_token] {
            process.verify::<User>(token).expect("it is another token");
        }
    }
    // Neither what is done twice nor what was never there is an error.
    for id in [token_id(&ended), uuid::Uuid::new_v4()] {
        one.revoke_access_token(id).await.expect("it is refused, if it is there");
    }
}

#[rocket::async_test]
async fn what_a_later_version_puts_on_a_stream_is_skipped() {
    let (server, setup, one, other) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    for entry in ["zsomething of that version", "z"] {
        server.run(&format!("PUBLISH jwt-auth:revocations:0 {}", entry.replace(' ', "-")));
        let _: String = server.query(redis::cmd("XADD").arg(&stream).arg("*").arg("r").arg(entry));
    }
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&other, &alice.access_token).await;
    assert!(setup.launch().await.verify::<User>(&alice.access_token).is_err(), "a new process read on");
}

#[rocket::async_test]
async fn another_database_of_the_same_server_is_not_heard() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let production = setup.launch().await;
    let staging = setup.clone().with("redis", server.url().replace("/0", "/1")).launch().await;
    let [alice, bob] =
        ["alice", "bob"].map(|name| production.create_access_token(&user(name)).expect("a token"));
    staging.revoke_subject("alice").await.expect("a logout everywhere");
    setup.launch().await.revoke_subject("bob").await.expect("a logout everywhere");
    refused_soon(&production, &bob).await;
    production.verify::<User>(&alice).expect("it is another alice");
}

#[rocket::async_test]
async fn a_process_that_starts_knows_what_was_revoked() {
    let (_server, setup, one, _) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let program = one.create_access_token(&user("alice")).expect("a token");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    one.revoke_access_token(token_id(&program)).await.expect("it is ended");
    let new = setup.launch().await;
    for token in [&alice.access_token, &program] {
        assert!(new.verify::<User>(token).is_err(), "before its first request it knows");
    }
}

#[rocket::async_test]
async fn a_process_that_gives_tokens_less_time_forgets_no_revocation_too_soon() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let long = setup.clone().with("access_ttl", "1h").launch().await;
    let short = setup.launch().await;
    let alice = long.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    short.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&long, &alice.access_token).await;

    // The stream is kept as long as the one asks for that asks for most.
    let ttl = || server.query::<i64>(redis::cmd("TTL").arg(&stream));
    soon("the stream is kept for more than an hour", || ttl() > 60 * 60).await;
    // What is longer ago than `access_ttl` is not believed, so it need not be remembered.
    setup.advance(16 * 60);
    assert!(short.verify::<User>(&alice.access_token).is_err(), "a forgotten revocation");
}

#[rocket::async_test]
async fn a_stream_keeps_what_a_token_can_be_concerned_by_and_hardly_more() {
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
    // Redis drops a hundred at a time.
    assert!((EACH + 1..=EACH + 101).contains(&len), "of two thousand and one, {len} are left");
    let ttl: i64 = server.query(redis::cmd("TTL").arg(&stream));
    assert!((900..1_000).contains(&ttl), "it is kept for {ttl} seconds");
}

#[rocket::async_test]
async fn a_user_who_may_not_use_the_channel_hears_by_the_stream() {
    let server = RedisServer::start();
    server.run("ACL SETUSER app on >s3cr3t ~* resetchannels +@all -config");
    let setup = Setup::on(server.url().replace("redis://", "redis://app:s3cr3t@"));
    let log = Log::capture();
    let (one, other) = (setup.launch().await, setup.launch().await);
    assert!(log.text().contains("does not let this user subscribe"), "{}", log.text());
    assert!(!log.text().contains("s3cr3t"), "a password is in: {}", log.text());
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    refused_soon(&other, &alice.access_token).await;
}

#[rocket::async_test]
async fn refusing_what_may_be_stale_needs_something_to_hear() {
    let off = Setup::memory().with("when_stale", "refuse").with("revocation", "off");
    let error = off.rocket().ignite().await.expect_err("nothing will be heard");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
}

#[rocket::async_test]
async fn a_stream_that_cannot_be_written_ends_nothing() {
    let (server, _setup, one, _other) = pair_of_processes().await;
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let stream = server.stream_key();
    server.run(&format!("SET {stream} rubbish"));
    unavailable(one.invalidate_refresh_token(&alice.refresh_token).await);
    unavailable(one.revoke_subject("alice").await);
    server.run(&format!("DEL {stream}"));
    assert!(one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout"));
}

#[rocket::async_test]
async fn a_process_that_was_cut_off_hears_what_it_missed() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let setup = Setup::redis(&server);
    let one = setup.launch().await;
    let other = setup.clone().with("redis", proxy.url()).with("store_timeout", "300ms").launch().await;

    for cut in ["lost", "killed", "unsubscribed"] {
        let sessions = [one.generate_tokens(&user("a")).await, one.generate_tokens(&user("b")).await];
        let program = one.create_access_token(&user("c")).expect("a token");
        match cut {
            "lost" => proxy.lose_connections(),
            "killed" => server.run("CLIENT KILL TYPE normal"),
            _ => server.run("CLIENT KILL TYPE pubsub"),
        }
        for session in sessions {
            let session = session.expect("a login");
            // The connection of this process was killed, too: it may say 503 once.
            if one.invalidate_refresh_token(&session.refresh_token).await.is_err() {
                one.invalidate_refresh_token(&session.refresh_token).await.expect("a logout");
            }
            refused_soon(&other, &session.access_token).await;
        }
        one.revoke_access_token(token_id(&program)).await.expect("it is ended");
        refused_soon(&other, &program).await;
    }
}

#[rocket::async_test]
async fn a_token_that_could_not_be_ended_can_be_when_the_server_is_back() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "300ms");
    let (one, other) = (setup.launch().await, setup.launch().await);
    let program = one.create_access_token(&user("alice")).expect("a token");
    server.stop();
    unavailable(one.revoke_access_token(token_id(&program)).await);
    one.verify::<User>(&program).expect("nobody was told");
    server.restart();
    let ends = async || one.revoke_access_token(token_id(&program)).await.is_ok();
    crate::failover::soon("an access token is ended", ends).await;
    refused_soon(&other, &program).await;
}

#[rocket::async_test]
async fn how_long_a_process_may_hear_nothing_is_a_setting() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let careful = setup.clone().with("when_stale", "refuse").with("stale_after", "10s").launch().await;
    let carefree = setup.launch().await;
    let alice = carefree.generate_tokens(&user("alice")).await.expect("a login");
    server.stop();

    careful.verify::<User>(&alice.access_token).expect("so far it heard everything");
    // A read that was under way when the server stopped may have ended well after it.
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
    setup.advance(11);
    unavailable(careful.verify::<User>(&alice.access_token));
    carefree.verify::<User>(&alice.access_token).expect("it goes on with what it knows");

    server.restart();
    soon("the server is heard again", || careful.verify::<User>(&alice.access_token).is_ok()).await;
}

#[jwt_auth::require_auth]
#[rocket::get("/")]
fn who(user: Auth<User>) -> String {
    user.name.clone()
}

#[jwt_auth::require_auth(strict)]
#[rocket::get("/strict")]
fn strict() {}

#[rocket::async_test]
async fn an_app_that_is_strict_asks_on_each_request() {
    asks_on_each_request("strict", "/").await;
}

#[rocket::async_test]
async fn a_route_that_is_strict_asks_on_each_request() {
    asks_on_each_request("push", "/strict").await;
    assert_eq!(jwt_auth::routes![strict][0].name.as_deref(), Some("strict → any valid token, strict"));
}

async fn asks_on_each_request(revocation: &str, route: &'static str) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("revocation", revocation).with("store_timeout", "300ms");
    let rocket = setup.rocket().mount("/", jwt_auth::routes![who, strict]);
    let client = Client::tracked(rocket).await.expect("the app launches");
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    let call = async |token: &str| {
        let header = Header::new("Authorization", format!("Bearer {token}"));
        client.get(route).header(header).dispatch().await.status()
    };

    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(call(&alice.access_token).await, Status::Ok);
    // Nobody tells of this on the stream.
    server.run("FLUSHALL");
    assert_eq!(call(&alice.access_token).await, Status::Unauthorized);
    let loose = auth.create_access_token(&user("alice")).expect("a token");
    assert_eq!(call(&loose).await, Status::Unauthorized, "it has no session to ask about");

    server.stop();
    assert_eq!(call(&alice.access_token).await, Status::ServiceUnavailable);
}

#[rocket::async_test]
async fn off_looks_at_nothing() {
    let setup = Setup::memory().with("revocation", "off");
    let auth = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    auth.revoke_subject("alice").await.expect("a logout everywhere");
    auth.verify::<User>(&alice.access_token).expect("it lives until it expires");
    let answer = auth.revoke_access_token(token_id(&alice.access_token)).await;
    let Err(AuthError::Internal(message)) = answer else { panic!("it would do nothing: {answer:?}") };
    assert!(message.contains("`revocation`"), "{message}");
}

fn session(auth: &JwtAuth, access_token: &str) -> uuid::Uuid {
    let token = auth.verify::<User>(access_token).expect("a good token");
    token.session_id().expect("it has a session")
}

/// Its `jti`, unchecked.
fn token_id(access_token: &str) -> uuid::Uuid {
    let id = payload(access_token)["jti"].as_str().and_then(|id| id.parse().ok());
    id.expect("it has an id")
}

async fn refused_soon(auth: &JwtAuth, access_token: &str) {
    let refused = || revoked(auth.verify::<User>(access_token));
    soon("a token is refused that was revoked elsewhere", refused).await;
}
