//! This service and the real fastapi_framework, sharing a Redis.

use jwt_auth::InvalidGrant::Unknown;
use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{RedisServer, Setup, payload, refusal};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::Json;
use rocket::{get, post};
use serde_json::{Value, json};

use crate::fixtures::{Account, account, members, refresh};
use crate::python_service::PythonService;

/// Starts both services on one Redis, with the system clock. This service is in the given phase.
async fn both_services(phase: &str) -> (RedisServer, PythonService, Client) {
    let server = RedisServer::start();
    let python = PythonService::start(&server);
    let client = this_service(&server, phase).await;
    (server, python, client)
}

async fn this_service(server: &RedisServer, phase: &str) -> Client {
    let setup = Setup::redis(server).with("fastapi_framework", phase);
    let routes = jwt_auth::routes![login, refresh_route, logout, me, admin, any_token];
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
#[get("/any_token")]
fn any_token() {}

/// Calls this service and returns the status and the JSON body.
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
async fn a_python_login_works_here() {
    let (server, mut python, client) = both_services("issue").await;
    let (access, refresh_token) = python.login(&data(5), 5);
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(get_with(&client, "/any_token", &access).await.0, Status::Ok);
    assert_eq!(get_with(&client, "/admin", &access).await.0, Status::Forbidden);

    let (status, pair) = post_with(&client, "/refresh", &refresh_token).await;
    assert_eq!(status, Status::Ok);
    let (access, next) = tokens(&pair);
    assert_eq!(members(&server), [next.as_str()], "the new token replaced the old one");
    assert_eq!(python.data(&access).expect("valid in Python")["username"], data(5)["username"]);
    assert_eq!(post_with(&client, "/refresh", &refresh_token).await.0, Status::Unauthorized);
    assert_eq!(python.refresh(&refresh_token, &data(5)), Err(401));

    let (access, next) = python.refresh(&next, &data(5)).expect("a refresh in Python");
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(post_with(&client, "/refresh", &next).await.0, Status::Ok);
}

#[rocket::async_test]
async fn a_login_here_works_in_python() {
    let (server, mut python, client) = both_services("issue").await;
    let (status, pair) = post_with(&client, "/login/5", "").await;
    assert_eq!((status, &pair["token_type"]), (Status::Ok, &"bearer".into()));
    let (access, refresh_token) = tokens(&pair);
    assert_eq!(members(&server), [refresh_token.as_str()]);
    assert!(python.check(&refresh_token));

    let mut seen = python.data(&access).expect("valid in Python");
    assert!(seen["exp"].is_u64());
    seen.as_object_mut().expect("an object").remove("exp");
    assert_eq!(seen, data(5), "only the data");

    let (access, next) = python.refresh(&refresh_token, &data(5)).expect("a refresh in Python");
    assert_eq!(get_with(&client, "/me", &access).await, (Status::Ok, data(5)));
    assert_eq!(post_with(&client, "/refresh", &refresh_token).await.0, Status::Unauthorized);
    assert_eq!(post_with(&client, "/refresh", &next).await.0, Status::Ok);
}

#[rocket::async_test]
async fn logging_out_of_one_service_logs_out_of_both() {
    let (server, mut python, client) = both_services("issue").await;
    let (_, theirs) = python.login(&data(5), 5);
    let (_, ours) = tokens(&post_with(&client, "/login/5", "").await.1);
    assert_eq!(members(&server).len(), 2, "each login added a token to the SET");

    assert_eq!(post_with(&client, "/logout", &theirs).await.0, Status::NoContent);
    assert_eq!(members(&server), [ours.as_str()]);
    assert!(!python.check(&theirs));
    python.logout(&ours);
    assert!(members(&server).is_empty(), "each logout removed one");
    assert_eq!(refusal(refresh(auth(&client), &ours).await), Unknown);
    assert_eq!(refusal(auth(&client).check_refresh_token(&theirs).await), Unknown);
}

#[rocket::async_test]
async fn both_services_issue_the_same_format() {
    let (_server, mut python, client) = both_services("issue").await;
    let theirs = python.login(&data(5), 5);
    let ours = tokens(&post_with(&client, "/login/5", "").await.1);
    for (theirs, ours) in [(&theirs.0, &ours.0), (&theirs.1, &ours.1)] {
        let (mut theirs, mut ours) = (payload(theirs), payload(ours));
        let lives = ours["exp"].as_i64().expect("seconds") - theirs["exp"].as_i64().expect("seconds");
        assert!((0..60).contains(&lives), "the lifetimes are the same: {theirs} {ours}");
        for payload in [&mut theirs, &mut ours] {
            payload["exp"] = Value::Null;
        }
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.0.split('.').next(), ours.0.split('.').next(), "the same header");
}

#[rocket::async_test]
async fn a_user_id_can_be_text() {
    let (_server, mut python, client) = both_services("issue").await;
    let theirs = python.call("refresh_token", json!({ "user_id": "ann" })).expect("a token");
    let theirs = theirs.as_str().expect("text");
    let loader = async |name: String| Some(jwt_auth_tests::user(&name));
    let pair = auth(&client).refresh(theirs, loader).await.expect("a refresh");
    assert_eq!(payload(&pair.refresh_token)["user_id"], "ann");
    assert!(python.check(&pair.refresh_token));
    assert_eq!(python.data(&pair.refresh_token).expect("valid in Python")["user_id"], "ann");
    assert_eq!(python.data(&pair.access_token).expect("valid in Python")["name"], "ann");
}

#[rocket::async_test]
async fn refresh_and_access_tokens_are_not_interchangeable() {
    let (_server, mut python, client) = both_services("issue").await;
    let (access, refresh_token) = python.login(&data(5), 5);
    let bare = python.call("access_token", json!({ "data": { "user_id": 5 } })).expect("a token");
    let bare = bare.as_str().expect("text").to_owned();
    for token in [&refresh_token, &bare] {
        python.data(token).expect("Python accepts it as an access token");
        assert_eq!(get_with(&client, "/any_token", token).await.0, Status::Unauthorized);
    }
    assert_eq!(post_with(&client, "/refresh", &access).await.0, Status::Unauthorized);

    let audience = python.call("access_token", json!({ "data": { "id": 5, "username": "a", "aud": "x" } }));
    let audience = audience.expect("a token").as_str().expect("text").to_owned();
    assert_eq!(python.data(&audience), Err(401));
    assert_eq!(get_with(&client, "/me", &audience).await.0, Status::Unauthorized);
}

#[rocket::async_test]
async fn a_complete_migration_logs_no_user_out() {
    let (server, mut python, first) = both_services("issue").await;
    let (_, theirs) = python.login(&data(5), 5);
    let (access, ours) = tokens(&post_with(&first, "/login/6", "").await.1);

    drop(python);
    let second = this_service(&server, "accept").await;
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
    assert!(members(&server).is_empty(), "the SET is empty, so the setting can be removed");

    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    for token in sessions {
        refresh(&auth, &token).await.expect("the session continues without the setting");
    }
}
