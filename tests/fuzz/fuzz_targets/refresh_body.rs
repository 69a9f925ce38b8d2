//! Sends any body to the refresh and the logout route. The response must follow the contract, and the one live session
//! must survive every body that does not contain its token.
//!
//! A seed is a body. In it, `$REFRESH` and `$ACCESS` are replaced by the tokens of that session, and `$LONG` by white
//! space.

#![no_main]

use std::cell::RefCell;
use std::sync::LazyLock;
use std::time::Duration;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::clock::ManualClock;
use jwt_auth::{AuthError, Credentials, JwtAuth, TokenPair, public};
use jwt_auth_fuzz::{app, block_on, clock, settings, user};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use rocket::http::Status;
use rocket::local::asynchronous::Client;
use rocket::post;
use serde::Deserialize;

fuzz_target!(|data: &[u8]| {
    for path in [REFRESH, LOGOUT] {
        let pair = SESSION.take().unwrap_or_else(login);
        let body = fill(data, &pair);
        let (expected, is_token) = expected(path, &body, &pair);
        let request = CLIENT.post(path).body(&body);
        let status = block_on(async { request.dispatch().await.status() });
        assert_eq!(status, expected, "{path}: {:?}", String::from_utf8_lossy(&body));
        // Otherwise, the token has been used up.
        if !is_token {
            let alive = block_on(auth().check_refresh_token(&pair.refresh_token));
            alive.unwrap_or_else(|error| panic!("{path} ended the session: {error:?}"));
            SESSION.set(Some(pair));
        }
    }
});

const REFRESH: &str = "/auth/refresh";
const LOGOUT: &str = "/auth/logout";

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

/// The expected body.
#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
}

#[public]
#[post("/auth/refresh", data = "<body>")]
async fn refresh(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |name: String| Some(user(&name))).await
}

#[public]
#[post("/auth/logout", data = "<body>")]
async fn logout(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

static CLOCK: LazyLock<ManualClock> = LazyLock::new(clock);
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let app = app(&settings(HS256), &CLOCK).mount("/", jwt_auth::routes![refresh, logout]);
    block_on(Client::untracked(app)).expect("the app launches")
});

thread_local! {
    /// The live session.
    static SESSION: RefCell<Option<TokenPair>> = const { RefCell::new(None) };
}

fn auth() -> &'static JwtAuth {
    CLIENT.rocket().state().expect("the fairing is attached")
}

/// Starts a new session. Time passes, so that old revocations are forgotten.
fn login() -> TokenPair {
    CLOCK.advance(Duration::from_secs(1));
    let auth = auth();
    block_on(async { auth.generate_tokens(&user("alice")).await }).expect("a login")
}

/// Fills in the placeholders of a seed. With `$LONG`, the body exceeds the limit.
fn fill(data: &[u8], pair: &TokenPair) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(data) else { return data.to_vec() };
    let text = text.replace("$REFRESH", &pair.refresh_token).replace("$ACCESS", &pair.access_token);
    text.replacen("$LONG", &" ".repeat(LIMIT), 1).into_bytes()
}

/// The default of Rocket's limit `credentials`.
const LIMIT: usize = 16 * 1024;

/// Returns the expected status (400, 413 and 422 as with Rocket's `Json`, but a list is no object), and whether the body
/// ends the session or uses up its token. A logout also accepts the access token.
fn expected(path: &str, body: &[u8], pair: &TokenPair) -> (Status, bool) {
    let read = serde_json::from_slice::<Refresh>(body);
    let is_list = body.trim_ascii_start().starts_with(b"[");
    let presents = |body: &Refresh, token: &str| body.refresh_token.trim_ascii() == token;
    match (read, path) {
        _ if body.len() > LIMIT => (Status::PayloadTooLarge, false),
        (Err(error), _) if error.is_data() => (Status::UnprocessableEntity, false),
        (Err(_), _) => (Status::BadRequest, false),
        (Ok(_), _) if is_list => (Status::UnprocessableEntity, false),
        (Ok(body), LOGOUT) => {
            let is_token = presents(&body, &pair.refresh_token) || presents(&body, &pair.access_token);
            (Status::NoContent, is_token)
        }
        (Ok(body), _) if presents(&body, &pair.refresh_token) => (Status::Ok, true),
        (Ok(_), _) => (Status::Unauthorized, false),
    }
}
