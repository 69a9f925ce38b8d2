//! Beside the real fastapi_framework.

use jwt_auth::InvalidGrant::Unknown;
use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{RedisServer, Setup, payload, refusal};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::Json;
use rocket::{get, post};
use serde_json::{Value, json};

use crate::peer::Peer;
use crate::service::{Account, account, members, refresh};

/// Both services on one Redis, by the time of the system, and this one in this phase.
async fn both(phase: &str) -> (RedisServer, Peer, Client) {
    let server = RedisServer::start();
    let peer = Peer::start(&server);
    let client = this(&server, phase).await;
    (server, peer, client)
}

async fn this(server: &RedisServer, phase: &str) -> Client {
    let setup = Setup::redis(server).with("fastapi_framework", phase);
    let routes = jwt_auth::routes![login, refresh_route, logout, me, admin, anybody];
    let rocket = setup.attach(JwtAuth::fairing()).mount("/", routes);
    Client::untracked(rocket).await.expect("the app launches")
}

#[public]
#[post("/login/<id>")]
async fn login(id: u64, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.generate_tokens(&account(id)).await
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh_route(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    refresh(auth, token).await
}

#[public]
#[post("/logout", data = "<token>")]
async fn logout(token: &str, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(token).await?;
    Ok(Status::NoContent)
}

#[require_auth]
#[get("/me")]
fn me(user: Auth<Account>) -> Json<Account> {
    Json(user.into_claims())
}

#[require_auth(Account, role = "admin")]
#[get("/admin")]
fn admin() {}

#[require_auth]
#[get("/anybody")]
fn anybody() {}

/// A call of this service: its status and the JSON of its body.
async fn call(client: &Client, post: bool, path: &str, token: &str, body: &str) -> (Status, Value) {
    let request = if post { client.post(path) } else { client.get(path) };
    let bearer = Header::new("Authorization", format!("Bearer {token}"));
    let response = request.header(bearer).body(body).dispatch().await;
    let status = response.status();
    let body = response.into_string().await.unwrap_or_default();
    (status, serde_json::from_str(&body).unwrap_or_default())
}

async fn get_with(client: &Client, path: &str, token: &str) -> (Status, Value) {
    call(client, false, path, token, "").await
}

async fn post_with(client: &Client, path: &str, body: &str) -> (Status, Value) {
    call(client, true, path, "", body).await
}

fn tokens(pair: &Value) -> (String, String) {
    let token = |name: &str| pair[name].as_str().expect("a token").to_owned();
    (token("access_token"), token("refresh_token"))
}

fn data(id: u64) -> Value {
    serde_json::to_value(account(id)).expect("an account serializes")
}

fn auth(client: &Client) -> &JwtAuth {
    client.rocket().state().expect("the fairing is attached")
}

#[rocket::async_test]
async fn a_login_there_is_good_here() {
    let (server, mut peer, client) = both("issue").await;
    let (access, refresh_token) = peer.login(&data(5), 5);
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(get_with(&client, "/anybody", &access).await.0, Status::Ok);
    assert_eq!(get_with(&client, "/admin", &access).await.0, Status::Forbidden);

    let (status, pair) = post_with(&client, "/refresh", &refresh_token).await;
    assert_eq!(status, Status::Ok);
    let (access, next) = tokens(&pair);
    assert_eq!(members(&server), [next.as_str()], "the one took the place of the other");
    assert_eq!(peer.data(&access).expect("it is good there")["username"], data(5)["username"]);
    assert_eq!(post_with(&client, "/refresh", &refresh_token).await.0, Status::Unauthorized);
    assert_eq!(peer.refresh(&refresh_token, &data(5)), Err(401));

    let (access, next) = peer.refresh(&next, &data(5)).expect("a refresh there");
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(post_with(&client, "/refresh", &next).await.0, Status::Ok);
}

#[rocket::async_test]
async fn a_login_here_is_good_there() {
    let (server, mut peer, client) = both("issue").await;
    let (status, pair) = post_with(&client, "/login/5", "").await;
    assert_eq!((status, &pair["token_type"]), (Status::Ok, &"bearer".into()));
    let (access, refresh_token) = tokens(&pair);
    assert_eq!(members(&server), [refresh_token.as_str()]);
    assert!(peer.check(&refresh_token));

    let mut seen = peer.data(&access).expect("it is good there");
    assert!(seen["exp"].is_u64());
    seen.as_object_mut().expect("an object").remove("exp");
    assert_eq!(seen, data(5), "its data and nothing else");

    let (access, next) = peer.refresh(&refresh_token, &data(5)).expect("a refresh there");
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(post_with(&client, "/refresh", &refresh_token).await.0, Status::Unauthorized);
    assert_eq!(post_with(&client, "/refresh", &next).await.0, Status::Ok);
}

#[rocket::async_test]
async fn a_logout_on_either_side_is_one_on_both() {
    let (server, mut peer, client) = both("issue").await;
    let (_, theirs) = peer.login(&data(5), 5);
    let (_, ours) = tokens(&post_with(&client, "/login/5", "").await.1);
    assert_eq!(members(&server).len(), 2, "SMEMBERS refresh_tokens shows a token after each login");

    assert_eq!(post_with(&client, "/logout", &theirs).await.0, Status::NoContent);
    assert_eq!(members(&server), [ours.as_str()]);
    assert!(!peer.check(&theirs));
    peer.logout(&ours);
    assert!(members(&server).is_empty(), "and not after a logout");
    assert_eq!(refusal(refresh(auth(&client), &ours).await), Unknown);
    assert_eq!(refusal(auth(&client).check_refresh_token(&theirs).await), Unknown);
}

#[rocket::async_test]
async fn tokens_have_the_form_of_theirs() {
    let (_server, mut peer, client) = both("issue").await;
    let theirs = peer.login(&data(5), 5);
    let ours = tokens(&post_with(&client, "/login/5", "").await.1);
    for (theirs, ours) in [(&theirs.0, &ours.0), (&theirs.1, &ours.1)] {
        let (mut theirs, mut ours) = (payload(theirs), payload(ours));
        let lives = ours["exp"].as_i64().expect("seconds") - theirs["exp"].as_i64().expect("seconds");
        assert!((0..60).contains(&lives), "the lifetimes of both are the same: {theirs} {ours}");
        for payload in [&mut theirs, &mut ours] {
            payload["exp"] = Value::Null;
        }
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.0.split('.').next(), ours.0.split('.').next(), "one header");
}

#[rocket::async_test]
async fn a_user_id_of_text_goes_both_ways() {
    let (_server, mut peer, client) = both("issue").await;
    let theirs = peer.call("refresh_token", json!({ "user_id": "ann" })).expect("a token");
    let theirs = theirs.as_str().expect("text");
    let loader = async |name: String| Some(jwt_auth_tests::user(&name));
    let pair = auth(&client).refresh(theirs, loader).await.expect("a refresh");
    assert_eq!(payload(&pair.refresh_token)["user_id"], "ann");
    assert!(peer.check(&pair.refresh_token));
    assert_eq!(peer.data(&pair.refresh_token).expect("it is good there")["user_id"], "ann");
    assert_eq!(peer.data(&pair.access_token).expect("it is good there")["name"], "ann");
}

#[rocket::async_test]
async fn what_is_no_token_there_is_none_here() {
    let (_server, mut peer, client) = both("issue").await;
    let (access, refresh_token) = peer.login(&data(5), 5);
    let bare = peer.call("access_token", json!({ "data": { "user_id": 5 } })).expect("a token");
    let bare = bare.as_str().expect("text").to_owned();
    for token in [&refresh_token, &bare] {
        peer.data(token).expect("there, either passes for the other");
        assert_eq!(get_with(&client, "/anybody", token).await.0, Status::Unauthorized);
    }
    assert_eq!(post_with(&client, "/refresh", &access).await.0, Status::Unauthorized);

    let audience = peer.call("access_token", json!({ "data": { "id": 5, "username": "a", "aud": "x" } }));
    let audience = audience.expect("a token").as_str().expect("text").to_owned();
    assert_eq!(peer.data(&audience), Err(401));
    assert_eq!(get_with(&client, "/me", &audience).await.0, Status::Unauthorized);
}

#[rocket::async_test]
async fn a_whole_move_logs_nobody_out() {
    let (server, mut peer, first) = both("issue").await;
    let (_, theirs) = peer.login(&data(5), 5);
    let (access, ours) = tokens(&post_with(&first, "/login/6", "").await.1);

    drop(peer);
    let second = this(&server, "accept").await;
    assert_eq!(get_with(&second, "/me", &access).await, (Status::Ok, data(6)), "until it expires");
    let mut sessions = Vec::new();
    for (id, token) in [(5, theirs), (6, ours)] {
        let (status, pair) = post_with(&second, "/refresh", &token).await;
        assert_eq!(status, Status::Ok, "user {id} is not logged out");
        let (access, next) = tokens(&pair);
        assert_eq!(get_with(&second, "/me", &access).await, (Status::Ok, data(id)));
        assert!(payload(&access)["sid"].is_string(), "a session of this service");
        sessions.push(next);
    }
    assert!(members(&server).is_empty(), "nothing is left to wait for");

    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    for token in sessions {
        refresh(&auth, &token).await.expect("the session goes on when the setting is off");
    }
}
