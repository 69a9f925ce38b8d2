//! A fake identity provider on a local port.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwt_auth_tests::{Log, free_port, jwk};
use rocket::http::{ContentType, Status};
use rocket::response::Redirect;
use rocket::serde::json::{Value, json};
use rocket::tokio::time::sleep;
use rocket::{Config, Responder, Shutdown, State, get, routes};

/// How the provider responds.
#[derive(Clone)]
pub(super) enum Mode {
    /// With this JSON.
    Json(Value),
    /// With status 500.
    Broken,
    /// Only after 30 seconds.
    Silent,
    /// With a hundred megabytes.
    Endless,
    /// With a redirect to valid keys.
    Elsewhere,
    /// With something other than JSON.
    Garbage,
}

pub(super) struct FakeProvider {
    port: u16,
    inner: Arc<Inner>,
    shutdown: Shutdown,
}

struct Inner {
    port: u16,
    issuer: Mutex<String>,
    keys: Mutex<Mode>,
    fetches: AtomicUsize,
}

impl FakeProvider {
    /// Starts a provider on a free port.
    pub(super) async fn start(keys: Mode) -> Self {
        Self::start_at(free_port(), keys).await
    }

    /// Starts a provider on a given port.
    pub(super) async fn start_at(port: u16, keys: Mode) -> Self {
        let inner = Arc::new(Inner {
            port,
            issuer: Mutex::new(format!("http://127.0.0.1:{port}/realms/demo")),
            keys: Mutex::new(keys),
            fetches: AtomicUsize::new(0),
        });
        Log::install();
        let config =
            Config { port, workers: 2, log_level: rocket::config::LogLevel::Off, ..Config::debug_default() };
        let rocket = rocket::custom(config)
            .manage(Arc::clone(&inner))
            .mount("/", routes![discovery, jwks, redirected])
            .ignite()
            .await
            .expect("the provider launches");
        let shutdown = rocket.shutdown();
        rocket::tokio::spawn(rocket.launch());
        while rocket::tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
        Self { port, inner, shutdown }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn set_mode(&self, mode: Mode) {
        *self.inner.keys.lock().expect("the lock is not poisoned") = mode;
    }

    /// Sets the `issuer` in the discovery document.
    pub(super) fn set_issuer(&self, issuer: &str) {
        *self.inner.issuer.lock().expect("the lock is not poisoned") = issuer.to_owned();
    }

    /// Returns how often the keys were fetched.
    pub(super) fn fetches(&self) -> usize {
        self.inner.fetches.load(Ordering::SeqCst)
    }
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        self.shutdown.clone().notify();
    }
}

/// Returns a JWK Set with the public half of the RSA test key, under this `kid`.
pub(super) fn set(kid: &str) -> Value {
    json!({ "keys": [public(kid)] })
}

pub(super) fn public(kid: &str) -> Value {
    let private: Value = serde_json::from_str(jwk::RSA_2048).expect("JSON");
    json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": private["n"], "e": private["e"] })
}

#[derive(Responder)]
enum Reply {
    Json((Status, (ContentType, String))),
    Redirect(Redirect),
}

#[get("/realms/demo/.well-known/openid-configuration")]
fn discovery(inner: &State<Arc<Inner>>) -> (ContentType, String) {
    let issuer = inner.issuer.lock().expect("the lock is not poisoned").clone();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/protocol/openid-connect/auth"),
        "token_endpoint": format!("{issuer}/protocol/openid-connect/token"),
        "jwks_uri": format!("http://127.0.0.1:{}/jwks", inner.port),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    });
    (ContentType::JSON, document.to_string())
}

#[get("/redirected")]
fn redirected() -> (ContentType, String) {
    (ContentType::JSON, set("elsewhere").to_string())
}

#[get("/jwks")]
async fn jwks(inner: &State<Arc<Inner>>) -> Reply {
    inner.fetches.fetch_add(1, Ordering::SeqCst);
    let mode = inner.keys.lock().expect("the lock is not poisoned").clone();
    let json = |status, text: String| Reply::Json((status, (ContentType::JSON, text)));
    match mode {
        Mode::Json(keys) => json(Status::Ok, keys.to_string()),
        Mode::Broken => json(Status::InternalServerError, set("broken").to_string()),
        Mode::Silent => {
            sleep(Duration::from_secs(30)).await;
            json(Status::Ok, set("late").to_string())
        }
        Mode::Endless => json(Status::Ok, " ".repeat(100_000_000)),
        Mode::Elsewhere => Reply::Redirect(Redirect::to("/redirected")),
        Mode::Garbage => json(Status::Ok, "<html>".to_owned()),
    }
}
