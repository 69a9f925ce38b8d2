//! A client of the app, on either store.

use std::time::SystemTime;

use jwt_auth::clock::ManualClock;
use jwt_auth::store::MemoryStore;
use jwt_auth::{Fairing, JwtAuth};
use jwt_auth_tests::RedisServer;
use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use rocket::serde::json::{Value, json};

/// A client of the app, and the clock that the app reads.
pub struct App {
    pub client: Client,
    pub clock: ManualClock,
}

/// Runs a test on memory, and then on a Redis of its own.
pub fn on_every_store(test: impl Fn(&App)) {
    let memory = |fairing: Fairing| fairing.store(MemoryStore::new());
    test(&App::new(memory, json!({})));
    let server = RedisServer::start();
    test(&App::on(&server));
}

impl App {
    pub fn new(store: impl FnOnce(Fairing) -> Fairing, settings: Value) -> Self {
        let clock = ManualClock::at(SystemTime::now().into());
        let app = crate::app(store(JwtAuth::fairing().clock(clock.clone())));
        let figment = app.figment().clone().merge(("jwt_auth", settings));
        Self { client: Client::untracked(app.configure(figment)).expect("the app launches"), clock }
    }

    pub fn on(server: &RedisServer) -> Self {
        let secret = "a secret that the processes of one app share";
        Self::new(|fairing| fairing, json!({ "redis": server.url(), "secret": secret }))
    }

    pub fn get<'c>(&'c self, path: &'c str, token: &str) -> LocalResponse<'c> {
        bearer(self.client.get(path), token).dispatch()
    }

    pub fn post(&self, path: &'static str, body: Value) -> LocalResponse<'_> {
        self.client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch()
    }

    pub fn login(&self, (username, password): (&str, &str)) -> Pair {
        Pair::of(self.post("/auth/login", json!({ "username": username, "password": password })))
    }

    pub fn refresh(&self, pair: &Pair) -> LocalResponse<'_> {
        self.post("/auth/refresh", json!({ "refresh_token": pair.refresh }))
    }

    pub fn logout(&self, pair: &Pair) -> Status {
        self.post("/auth/logout", json!({ "refresh_token": pair.refresh })).status()
    }

    pub fn sessions(&self, pair: &Pair) -> Vec<Value> {
        self.get("/auth/sessions", &pair.access).into_json().expect("a list")
    }

    pub fn end_session(&self, id: &str, pair: &Pair) -> Status {
        bearer(self.client.delete(format!("/auth/sessions/{id}")), &pair.access).dispatch().status()
    }

    /// Neither token of the pair is good for anything.
    pub fn assert_ended(&self, pair: &Pair) {
        assert_eq!(self.get("/me", &pair.access).status(), Status::Unauthorized);
        let refused = self.refresh(pair);
        assert_eq!(refused.status(), Status::Unauthorized);
        assert_eq!(error(refused), "invalid_grant");
    }
}

/// What a login and a refresh answer.
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

impl Pair {
    pub fn of(response: LocalResponse<'_>) -> Self {
        assert_eq!(response.status(), Status::Ok);
        assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
        let pair: Value = response.into_json().expect("a pair");
        assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("bearer"), &json!(900)));
        let token = |name: &str| pair[name].as_str().expect("a token").to_owned();
        Self { access: token("access_token"), refresh: token("refresh_token") }
    }
}

pub fn bearer<'c>(request: LocalRequest<'c>, token: &str) -> LocalRequest<'c> {
    request.header(Header::new("Authorization", format!("Bearer {token}")))
}

pub fn error(response: LocalResponse<'_>) -> String {
    let body: Value = response.into_json().expect("JSON");
    body["error"].as_str().expect("a code").to_owned()
}
