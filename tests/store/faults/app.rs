//! An app, and the responses that its clients see.

use std::time::{Duration, Instant};

use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{RedisServer, Setup, User, user};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::{Client, LocalRequest};
use rocket::{delete, get, post};
use serde::Deserialize;
use serde_json::Value;

const TIMEOUT: &str = "300ms";
/// Well above the timeout, because other tests run at the same time.
const SOON: Duration = Duration::from_millis(1_500);

#[public]
#[post("/login")]
async fn login(auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.generate_tokens(&user("alice")).await
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |name: String| Some(user(&name))).await
}

#[public]
#[post("/logout", data = "<token>")]
async fn logout(token: &str, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(token).await.map(|_| Status::NoContent)
}

#[require_auth]
#[post("/logout-all")]
async fn logout_all(user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.revoke_subject::<User>(&user.name).await.map(|_| Status::NoContent)
}

#[require_auth]
#[delete("/session")]
async fn end_session(user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    let id = user.session_id().expect("the token of a login has a session");
    auth.revoke_session::<User>(&user.name, id).await.map(|_| Status::NoContent)
}

#[require_auth]
#[get("/sessions")]
async fn sessions(user: Auth<User>, auth: &JwtAuth) -> Result<String, AuthError> {
    auth.sessions::<User>(&user.name).await.map(|sessions| sessions.len().to_string())
}

#[require_auth]
#[get("/me")]
fn me() {}

#[require_auth(strict)]
#[get("/strict")]
fn strict() {}

/// One process of an app with one user, Alice.
pub(super) struct App {
    client: Client,
    pub(super) setup: Setup,
}

#[derive(Clone, Deserialize)]
pub(super) struct Pair {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

impl App {
    pub(super) async fn on(server: &RedisServer) -> Self {
        Self::launch(&Setup::redis(server)).await
    }

    pub(super) async fn launch(setup: &Setup) -> Self {
        let setup = setup.clone().with("store_timeout", TIMEOUT);
        let routes = jwt_auth::routes![login, refresh, logout, logout_all, end_session, sessions, me, strict];
        let rocket = setup.rocket().mount("/", routes).register("/", jwt_auth::catchers());
        Self { client: Client::untracked(rocket).await.expect("the app launches"), setup }
    }

    pub(super) fn auth(&self) -> &JwtAuth {
        self.client.rocket().state().expect("the fairing is attached")
    }

    pub(super) async fn login(&self) -> Response {
        Response::of(self.client.post("/login")).await
    }

    pub(super) async fn refresh(&self, pair: &Pair) -> Response {
        Response::of(self.client.post("/refresh").body(&pair.refresh_token)).await
    }

    pub(super) async fn logout(&self, pair: &Pair) -> Response {
        Response::of(self.client.post("/logout").body(&pair.refresh_token)).await
    }

    pub(super) async fn logout_all(&self, pair: &Pair) -> Response {
        Response::of(self.client.post("/logout-all").header(bearer(pair))).await
    }

    pub(super) async fn end_session(&self, pair: &Pair) -> Response {
        Response::of(self.client.delete("/session").header(bearer(pair))).await
    }

    /// Requests the number of Alice's sessions.
    pub(super) async fn sessions(&self, pair: &Pair) -> Response {
        Response::of(self.client.get("/sessions").header(bearer(pair))).await
    }

    /// Requests a route that does not use the store.
    pub(super) async fn me(&self, pair: &Pair) -> Response {
        Response::of(self.client.get("/me").header(bearer(pair))).await
    }

    /// Requests a route that uses the store.
    pub(super) async fn strict(&self, pair: &Pair) -> Response {
        Response::of(self.client.get("/strict").header(bearer(pair))).await
    }

    /// Asserts that every route that needs the store responds with 503.
    pub(super) async fn assert_unavailable(&self, pair: &Pair) {
        self.assert_unwritable(pair).await;
        self.sessions(pair).await.assert_unavailable();
        self.strict(pair).await.assert_unavailable();
    }

    /// Asserts that every route that writes to the store responds with 503.
    pub(super) async fn assert_unwritable(&self, pair: &Pair) {
        self.login().await.assert_unavailable();
        self.refresh(pair).await.assert_unavailable();
        self.logout(pair).await.assert_unavailable();
        self.logout_all(pair).await.assert_unavailable();
        self.end_session(pair).await.assert_unavailable();
        self.me(pair).await.assert(Status::Ok);
    }
}

/// The ways to end a session.
#[derive(Clone, Copy)]
pub(super) enum Logout {
    ByToken,
    Everywhere,
    ById,
}

impl Logout {
    pub(super) const ALL: [Self; 3] = [Self::ByToken, Self::Everywhere, Self::ById];

    pub(super) async fn of(self, app: &App, pair: &Pair) -> Response {
        match self {
            Self::ByToken => app.logout(pair).await,
            Self::Everywhere => app.logout_all(pair).await,
            Self::ById => app.end_session(pair).await,
        }
    }
}

/// Retries after each 503, as a client should, and returns the first other response.
pub(super) async fn eventually(request: impl AsyncFn() -> Response) -> Response {
    let mut response = request().await;
    for _ in 0..3 {
        if response.status != Status::ServiceUnavailable {
            break;
        }
        response.assert_unavailable();
        response = request().await;
    }
    response
}

/// A response as the client received it.
pub(super) struct Response {
    status: Status,
    retry_after: Option<String>,
    body: String,
    pub(super) took: Duration,
}

impl Response {
    async fn of(request: LocalRequest<'_>) -> Self {
        let begin = Instant::now();
        let response = request.dispatch().await;
        Self {
            status: response.status(),
            retry_after: response.headers().get_one("Retry-After").map(str::to_owned),
            body: response.into_string().await.unwrap_or_default(),
            took: begin.elapsed(),
        }
    }

    #[track_caller]
    pub(super) fn assert(&self, status: Status) {
        assert_eq!(self.status, status, "{}", self.body);
    }

    /// Asserts a quick 503 with everything that a client needs to retry.
    #[track_caller]
    pub(super) fn assert_unavailable(&self) {
        self.assert(Status::ServiceUnavailable);
        assert_eq!(self.retry_after.as_deref(), Some("1"));
        assert_eq!(self.error(), "temporarily_unavailable");
        assert!(self.took < SOON, "it took {:?}", self.took);
    }

    /// Asserts that the session is gone.
    #[track_caller]
    pub(super) fn assert_refused(&self) {
        self.assert(Status::Unauthorized);
        assert_eq!(self.error(), "invalid_grant");
    }

    #[track_caller]
    pub(super) fn pair(&self) -> Pair {
        self.assert(Status::Ok);
        serde_json::from_str(&self.body).expect("a pair of tokens")
    }

    #[track_caller]
    pub(super) fn text(&self) -> &str {
        self.assert(Status::Ok);
        &self.body
    }

    fn error(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).expect("errors are JSON");
        body["error"].as_str().expect("an error has a code").to_owned()
    }
}

fn bearer(pair: &Pair) -> Header<'static> {
    Header::new("Authorization", format!("Bearer {}", pair.access_token))
}
