//! A client of the app, with its sessions in memory or in Redis.

use std::time::SystemTime;

use jwt_auth::clock::ManualClock;
use jwt_auth::store::MemoryStore;
use jwt_auth::{Fairing, JwtAuth};
use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use rocket::serde::json::{Value, json};

use super::redis_server::RedisServer;
use crate::auth::Accounts;

/// A client, and the clock of its app.
pub struct App {
    pub client: Client,
    pub clock: ManualClock,
}

/// Runs a test with sessions in memory, and then with sessions in Redis.
pub fn on_every_store(test: impl Fn(&App)) {
    test(&App::in_memory());
    test(&App::on(&RedisServer::start()));
}

impl App {
    pub fn new(store: impl FnOnce(Fairing) -> Fairing, settings: Value) -> Self {
        let clock = ManualClock::at(SystemTime::now().into());
        // This fairing replaces the one that the app attached.
        let app =
            crate::rocket().attach(store(JwtAuth::fairing().users(Accounts::default()).clock(clock.clone())));
        let figment = app.figment().clone().merge(("jwt_auth", settings));
        Self { client: Client::untracked(app.configure(figment)).expect("the app launches"), clock }
    }

    pub fn in_memory() -> Self {
        Self::new(|fairing| fairing.store(MemoryStore::new()), json!({}))
    }

    /// Returns an app that shares its secret and its sessions with all others on this server.
    pub fn on(server: &RedisServer) -> Self {
        let secret = "a secret that all processes of the app share";
        Self::new(|fairing| fairing, json!({ "redis": server.url(), "secret": secret }))
    }

    pub fn get<'c>(&'c self, path: &'c str, token: &str) -> LocalResponse<'c> {
        bearer(self.client.get(path), token).dispatch()
    }

    pub fn post(&self, path: &'static str, body: &Value) -> LocalResponse<'_> {
        self.client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch()
    }

    pub fn login(&self, (username, password): (&str, &str)) -> Pair {
        Pair::of(self.post("/auth/login", &json!({ "username": username, "password": password })))
    }

    pub fn refresh(&self, pair: &Pair) -> LocalResponse<'_> {
        self.post("/auth/refresh", &json!({ "refresh_token": pair.refresh }))
    }

    pub fn logout(&self, pair: &Pair) -> Status {
        self.post("/auth/logout", &json!({ "refresh_token": pair.refresh })).status()
    }

    pub fn sessions(&self, pair: &Pair) -> Vec<Value> {
        self.get("/auth/sessions", &pair.access).into_json().expect("the body is a list")
    }

    pub fn end_session(&self, id: &str, pair: &Pair) -> Status {
        bearer(self.client.delete(format!("/auth/sessions/{id}")), &pair.access).dispatch().status()
    }

    /// Asserts that both tokens of the pair are rejected.
    pub fn assert_ended(&self, pair: &Pair) {
        assert_eq!(self.get("/me", &pair.access).status(), Status::Unauthorized);
        let rejected = self.refresh(pair);
        assert_eq!(rejected.status(), Status::Unauthorized);
        assert_eq!(error(rejected), "invalid_grant");
    }
}

/// The tokens that a login or a refresh returns.
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

impl Pair {
    pub fn of(response: LocalResponse<'_>) -> Self {
        assert_eq!(response.status(), Status::Ok);
        assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
        let pair: Value = response.into_json().expect("the body is JSON");
        assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("bearer"), &json!(900)));
        let token = |name: &str| pair[name].as_str().expect("a token is a string").to_owned();
        Self { access: token("access_token"), refresh: token("refresh_token") }
    }
}

pub fn bearer<'c>(request: LocalRequest<'c>, token: &str) -> LocalRequest<'c> {
    request.header(Header::new("Authorization", format!("Bearer {token}")))
}

/// Returns the code of an error response.
pub fn error(response: LocalResponse<'_>) -> String {
    let body: Value = response.into_json().expect("the body is JSON");
    body["error"].as_str().expect("the code is a string").to_owned()
}
