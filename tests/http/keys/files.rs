//! Key files that change while the app runs.

use std::fs;
use std::path::{Path, PathBuf};

use jsonwebtoken::Algorithm::ES256;
use jwt_auth::InvalidToken::UnknownKey;
use jwt_auth::JwtAuth;
use jwt_auth_tests::{Log, TestKey, jwk, pem, soon};
use rocket::serde::json::{Value, json};
use uuid::Uuid;

use super::{keys, kid, refused, shown, token};

/// A temporary folder that is deleted on drop.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("jwt-auth-keys-{}", Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder can be created");
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Replaces a file atomically.
    fn replace(&self, name: &str, text: &str) -> PathBuf {
        let (new, path) = (self.path("new"), self.path(name));
        fs::write(&new, text).expect("a file can be written");
        fs::rename(new, &path).expect("a file can be renamed");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Launches an app whose key is in this file.
async fn launch(file: &Path) -> JwtAuth {
    keys(json!({ "algorithm": "ES256", "private_key": file, "reload_keys": "100ms" })).launch().await
}

fn other() -> &'static str {
    TestKey::of_attacker(ES256).private
}

/// Runs a test on a single thread, so that its log is captured.
fn run(test: impl Future<Output = ()>) {
    let runtime = rocket::tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime starts").block_on(test);
}

#[test]
fn a_replaced_key_file_is_loaded() {
    run(async {
        let folder = Folder::new();
        let auth = launch(&folder.replace("key.pem", pem::P256)).await;
        let before = token(&auth);
        let log = Log::capture();
        folder.replace("key.pem", other());
        soon("the other key signs", || kid(&token(&auth)) != kid(&before)).await;
        assert_eq!(refused(&auth, &before), Some(UnknownKey), "the old key is no longer configured");
        let signs = shown(&auth).pop().expect("a key");
        assert!(log.text().contains(&format!("signed with ES256 and the key `{signs}`")), "{}", log.text());
    });
}

/// Kubernetes updates a secret by replacing a symbolic link to a folder.
#[test]
fn a_replaced_symbolic_link_is_followed() {
    run(async {
        let folder = Folder::new();
        for (name, key) in [("one", pem::P256), ("two", other())] {
            fs::create_dir(folder.path(name)).expect("a folder can be created");
            fs::write(folder.path(name).join("key.pem"), key).expect("a file can be written");
        }
        let link = |to: &str| {
            std::os::unix::fs::symlink(to, folder.path("..new")).expect("a link can be created");
            fs::rename(folder.path("..new"), folder.path("..data")).expect("a link can be renamed");
        };
        link("one");
        std::os::unix::fs::symlink("..data/key.pem", folder.path("key.pem")).expect("a link can be created");
        let auth = launch(&folder.path("key.pem")).await;
        let before = token(&auth);
        link("two");
        soon("the other key signs", || kid(&token(&auth)) != kid(&before)).await;
    });
}

#[test]
fn a_key_added_to_a_jwk_set_file_is_loaded() {
    run(async {
        let folder = Folder::new();
        let key = |jwk: &str| serde_json::from_str::<Value>(jwk).expect("JSON");
        let set = |keys: Vec<Value>| json!({ "keys": keys }).to_string();
        let file = folder.replace("keys.json", &set(vec![key(jwk::P256)]));
        let auth = keys(json!({ "jwks": file, "reload_keys": "100ms" })).launch().await;
        let mut public = key(jwk::ED25519);
        public.as_object_mut().expect("an object").remove("d");
        folder.replace("keys.json", &set(vec![key(jwk::P256), public]));
        soon("the other key is published", || shown(&auth).len() == 2).await;
    });
}

#[test]
fn an_invalid_key_file_changes_nothing_and_is_logged_once() {
    run(async {
        let folder = Folder::new();
        let file = folder.replace("key.pem", pem::P256);
        let auth = launch(&file).await;
        let before = token(&auth);
        let pause = || rocket::tokio::time::sleep(std::time::Duration::from_millis(450));
        for (broken, expected) in [
            (Some("-----BEGIN PRIVATE KEY-----\nczNjcjN0\n"), "`private_key` is not the PEM key"),
            (Some(pem::P384), "P-256"),
            (None, "cannot be read"),
        ] {
            let log = Log::capture();
            match broken {
                Some(text) => drop(folder.replace("key.pem", text)),
                None => fs::remove_file(&file).expect("a file can be removed"),
            }
            pause().await;
            let text = log.text();
            assert_eq!(text.matches("cannot be reloaded").count(), 1, "{text}");
            assert!(text.contains(expected) && !text.contains("czNjcjN0"), "{text}");
            assert_eq!((refused(&auth, &before), kid(&token(&auth))), (None, kid(&before)));
        }
        folder.replace("key.pem", other());
        soon("the other key signs", || kid(&token(&auth)) != kid(&before)).await;
    });
}

#[derive(jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
#[claims(issuer = "https://partner.example", audience = "api")]
struct Partner {
    #[claims(subject)]
    name: String,
}

/// A secret that was generated at launch is kept when other keys are reloaded.
#[rocket::async_test]
async fn a_generated_secret_survives_a_reload() {
    let folder = Folder::new();
    let set = |kid: &str| {
        let mut key: Value = serde_json::from_str(jwk::P256).expect("JSON");
        key["kid"] = json!(kid);
        json!({ "keys": [key] }).to_string()
    };
    let file = folder.replace("partner.json", &set("first"));
    let partner = json!({ "issuer": "https://partner.example", "audience": "api", "jwks": file });
    let setup = jwt_auth_tests::Setup::bare(rocket::Config::debug_default());
    let auth = setup.with("issuers", [partner]).with("reload_keys", "100ms").launch().await;
    let before = token(&auth);

    folder.replace("partner.json", &set("second"));
    let forge = jwt_auth_tests::Forge::new(ES256).claim("iss", json!("https://partner.example"));
    let theirs = forge.header("kid", json!("second")).token();
    soon("the file is loaded", || auth.verify::<Partner>(&theirs).is_ok()).await;
    assert_eq!(refused(&auth, &before), None);
    token(&auth);
}
