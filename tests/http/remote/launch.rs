//! Settings of issuers whose keys are fetched, and discovery.

use jwt_auth::{Claims, require_auth};
use jwt_auth_tests::{Forge, Log, Setup};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::serde::json::{Value, json};
use serde::{Deserialize, Serialize};

use super::fake_provider::{FakeProvider, Mode, set};
use super::{IDP, cooldown, fetched};

async fn problem(issuer: Value) -> String {
    let log = Log::capture();
    let launched = Setup::memory().with("issuers", json!([issuer])).rocket().ignite().await.map(drop);
    // Rocket's launch errors panic on drop unless they are inspected.
    let _ = launched.expect_err("invalid settings").kind();
    log.text()
}

#[rocket::async_test]
async fn invalid_settings_stop_the_launch() {
    let secret = "their-secret-which-is-long-enough-for-hs256";
    for (issuer, expected) in [
        (json!({ "issuer": "http://idp.example" }), "is not https"),
        (json!({ "issuer": "idp" }), "or set `jwks_uri` or a key"),
        (json!({ "issuer": IDP, "jwks_uri": "http://idp.example/jwks" }), "set `allow_http`"),
        (json!({ "issuer": IDP, "jwks_uri": "file:///etc/passwd" }), "must be an https URL"),
        (json!({ "issuer": IDP, "jwks_uri": "nowhere", "allow_http": true }), "must be an https URL"),
        (
            json!({ "issuer": IDP, "jwks_uri": "https://idp.example/jwks", "secret": secret }),
            "remove one of the two",
        ),
        (json!({ "issuer": IDP, "jwks_cooldown": "5s", "secret": secret }), "remove one of the two"),
        (json!({ "issuer": IDP, "jwks_uri": "https://user:pw@idp.example/jwks" }), "must not contain a user"),
        (json!({ "issuer": IDP, "allow_http": "yes" }), "must be true or false"),
        (json!({ "issuer": IDP, "jwks_cooldown": "0s" }), "must be from 1 second to 1 hour"),
    ] {
        let message = problem(issuer.clone()).await;
        assert!(message.contains(expected) && message.contains("issuers[0]."), "{issuer}: {message}");
        assert!(!message.contains(secret));
    }
}

/// A fixed port, because claims name their issuer at compile time. It is unlikely to be in use.
const PORT: u16 = 21_873;

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "http://127.0.0.1:21873/realms/demo", audience = "api")]
struct Discovered {
    #[claims(subject)]
    id: String,
}

#[require_auth(Discovered)]
#[get("/discovered")]
fn discovered(caller: Discovered) -> String {
    caller.id
}

#[rocket::async_test]
async fn the_url_of_the_keys_is_discovered() {
    let issuer = format!("http://127.0.0.1:{PORT}/realms/demo");
    let provider = FakeProvider::start_at(PORT, Mode::Json(set("first"))).await;
    let settings = json!([{ "issuer": issuer, "allow_http": true, "jwks_cooldown": "1s" }]);
    let launch = async || {
        let rocket = Setup::memory().with("issuers", settings.clone()).rocket();
        Client::untracked(rocket.mount("/", jwt_auth::routes![discovered])).await.expect("the app launches")
    };
    let token = Forge::new(jsonwebtoken::Algorithm::RS256).header("kid", json!("first"));
    let token = token.claim("iss", json!(issuer)).token();
    let request = async |client: &Client| {
        let header = Header::new("Authorization", format!("Bearer {token}"));
        client.get("/discovered").header(header).dispatch().await.status()
    };
    let client = launch().await;
    fetched(&provider).await;
    assert_eq!(request(&client).await, Status::Ok);

    // The document must name the issuer that it was fetched for (OpenID Connect Discovery 1.0, section 4.3).
    provider.set_issuer("https://evil.example");
    let client = launch().await;
    assert_eq!(request(&client).await, Status::ServiceUnavailable);
    provider.set_issuer(&issuer);
    cooldown().await;
    assert_eq!(request(&client).await, Status::Ok);
}

/// The source of an issuer's keys is fixed at launch. Otherwise, a key that is removed from the settings in favor of
/// fetched keys would remain valid.
#[rocket::async_test]
async fn a_reload_cannot_switch_between_configured_and_fetched_keys() {
    let secret = "their-secret-which-is-long-enough-for-hs256";
    let with_key = json!([{ "issuer": IDP, "audience": "api", "secret": secret }]);
    let fetched = json!([{ "issuer": IDP, "audience": "api", "jwks_uri": "https://idp.example/jwks" }]);
    let elsewhere = json!([{ "issuer": IDP, "audience": "api", "jwks_uri": "https://other.example/jwks" }]);
    for (before, after) in [(&with_key, &fetched), (&fetched, &with_key), (&fetched, &elsewhere)] {
        let auth = Setup::memory().with("issuers", before).launch().await;
        let error = auth
            .reload_keys(Setup::memory().with("issuers", after).figment())
            .expect_err("a restart is needed");
        assert!(error.to_string().contains("restart the app"), "{error}");
        auth.reload_keys(Setup::memory().with("issuers", before).figment()).expect("unchanged settings");
    }
}
