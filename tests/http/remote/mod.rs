//! Issuers whose keys are fetched (feature `remote`).

mod fake_provider;
mod faults;
mod identity_providers;
mod launch;
mod rotation;

use std::time::Duration;

use fake_provider::{FakeProvider, Mode, set};
use jsonwebtoken::Algorithm::RS256;
use jwt_auth::{Claims, require_auth};
use jwt_auth_tests::{Forge, Setup, within};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use rocket::serde::json::{Value, json};
use rocket::tokio::time::sleep;
use serde::{Deserialize, Serialize};

const IDP: &str = "https://idp.example";

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://idp.example", audience = "api")]
struct Employee {
    #[claims(subject)]
    id: String,
}

#[require_auth(Employee)]
#[get("/employee")]
fn employee(employee: Employee) -> String {
    employee.id
}

/// Launches an app that trusts this provider as the issuer [`IDP`].
async fn app(provider: &FakeProvider) -> Client {
    app_with_cooldown(provider, "1s").await
}

/// Launches such an app with the default cooldown, of half a minute.
async fn slow_app(provider: &FakeProvider) -> Client {
    app_with_cooldown(provider, "30s").await
}

async fn app_with_cooldown(provider: &FakeProvider, cooldown: &str) -> Client {
    let issuer = json!({
        // Some issuers, such as Entra, have a query in it.
        "issuer": IDP, "jwks_uri": provider.url("/jwks?appid=5"), "allow_http": true, "jwks_cooldown": cooldown,
    });
    launched(json!([issuer])).await
}

/// Starts a provider with one key, `first`, and an app that has fetched it.
async fn with_keys() -> (FakeProvider, Client) {
    let provider = FakeProvider::start(Mode::Json(set("first"))).await;
    let client = app(&provider).await;
    fetched(&provider).await;
    (provider, client)
}

async fn launched(issuers: Value) -> Client {
    let setup = Setup::memory().with("issuers", issuers);
    let rocket = setup.rocket().mount("/", jwt_auth::routes![employee]);
    Client::untracked(rocket).await.expect("the app launches whether or not an issuer responds")
}

/// Creates a token of [`IDP`] with this `kid`, signed with the RSA test key.
fn token(kid: &str) -> String {
    let forge = Forge::new(RS256).header("typ", json!("JWT")).header("kid", json!(kid));
    forge.claim("iss", json!(IDP)).claim("sub", json!("ann")).token()
}

async fn request<'c>(client: &'c Client, token: &str) -> LocalResponse<'c> {
    let header = Header::new("Authorization", format!("Bearer {token}"));
    client.get("/employee").header(header).dispatch().await
}

async fn status(client: &Client, token: &str) -> Status {
    request(client, token).await.status()
}

/// Waits until the app has fetched the keys for the first time.
async fn fetched(provider: &FakeProvider) {
    within(10, "the keys are fetched", || provider.fetches() > 0).await;
}

/// Waits for longer than the cooldown of the test apps.
async fn cooldown() {
    sleep(Duration::from_millis(1_100)).await;
}
