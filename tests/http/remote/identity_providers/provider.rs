//! A local server in place of a provider, and the tokens that the provider signs.

use std::collections::BTreeMap;
use std::time::Duration;

use jsonwebtoken::Algorithm;
use jwt_auth_tests::{Forge, Log, free_port, jwk};
use rocket::config::LogLevel;
use rocket::http::uri::Origin;
use rocket::serde::json::{Json, Value, json};
use rocket::tokio::net::TcpStream;
use rocket::tokio::time::sleep;
use rocket::{Config, Shutdown, State, get, routes};
use serde::Deserialize;

/// What a provider publishes, and the tokens that it signs.
#[derive(Deserialize)]
pub(super) struct Shape {
    hosts: Vec<String>,
    /// The documents that it publishes, by their paths.
    documents: Documents,
    algorithm: Algorithm,
    header: Value,
    claims: Value,
    /// The response to a valid token.
    pub(super) response: String,
    /// Changes of the claims with which a token is still accepted. `null` removes a claim.
    #[serde(deserialize_with = "pairs")]
    pub(super) accepted: Vec<(String, Value)>,
    /// Changes with which the rule of the route is not met.
    #[serde(deserialize_with = "pairs")]
    pub(super) denied: Vec<(String, Value)>,
    /// Changes with which the token is not valid.
    #[serde(deserialize_with = "pairs")]
    pub(super) rejected: Vec<(String, Value)>,
}

fn pairs<'de, D: serde::Deserializer<'de>>(changes: D) -> Result<Vec<(String, Value)>, D::Error> {
    BTreeMap::deserialize(changes).map(|changes| changes.into_iter().collect())
}

impl Shape {
    /// Parses a file, and puts the test keys into its JWK Sets.
    pub(super) fn parse(file: &str) -> Self {
        let (rsa, p256): (Value, Value) = (
            serde_json::from_str(jwk::RSA_2048).expect("JSON"),
            serde_json::from_str(jwk::P256).expect("JSON"),
        );
        let member = |key: &Value, name: &str| key[name].as_str().expect("a string").to_owned();
        let file = file.replace("RSA_N", &member(&rsa, "n"));
        let file = file.replace("P256_X", &member(&p256, "x")).replace("P256_Y", &member(&p256, "y"));
        serde_json::from_str(&file).expect("a file of this form")
    }

    /// Returns a token with these changes of the claims.
    pub(super) fn forge(&self, changes: &Value) -> Forge {
        let members = |value: &Value| value.as_object().expect("an object").clone().into_iter();
        let forge = Forge::new(self.algorithm).no_header("typ");
        let forge =
            ["jti", "aud", "sid", "iss", "sub"].iter().fold(forge, |forge, name| forge.no_claim(name));
        let forge = members(&self.header).fold(forge, |forge, (name, value)| forge.header(&name, value));
        members(&self.claims).chain(members(changes)).fold(forge, |forge, (name, value)| {
            match value.is_null() {
                true => forge.no_claim(&name),
                false => forge.claim(&name, value),
            }
        })
    }
}

/// A local server that publishes the documents of a provider.
pub(super) struct Provider {
    url: String,
    hosts: Vec<String>,
    shutdown: Shutdown,
}

impl Provider {
    pub(super) async fn start(shape: &Shape) -> Self {
        let port = free_port();
        let (url, hosts) = (format!("http://127.0.0.1:{port}"), shape.hosts.clone());
        let documents = localized(&json!(shape.documents).to_string(), &hosts, &url);
        let documents: Documents = serde_json::from_str(&documents).expect("JSON");
        Log::install();
        let config = Config { port, workers: 1, log_level: LogLevel::Off, ..Config::debug_default() };
        let rocket = rocket::custom(config).manage(documents).mount("/", routes![document]);
        let rocket = rocket.ignite().await.expect("the provider launches");
        let shutdown = rocket.shutdown();
        rocket::tokio::spawn(rocket.launch());
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
        Self { url, hosts, shutdown }
    }

    /// Replaces the hosts of the provider by this server.
    pub(super) fn local(&self, text: &str) -> String {
        localized(text, &self.hosts, &self.url)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.shutdown.clone().notify();
    }
}

type Documents = BTreeMap<String, Value>;

#[get("/<_..>")]
fn document(uri: &Origin<'_>, documents: &State<Documents>) -> Option<Json<Value>> {
    documents.get(uri.path().as_str()).cloned().map(Json)
}

fn localized(text: &str, hosts: &[String], url: &str) -> String {
    hosts.iter().fold(text.to_owned(), |text, host| text.replace(host, url))
}
