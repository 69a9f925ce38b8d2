//! The public keys.

use jwt_auth::store::MemoryStore;
use rocket::http::Status;
use rocket::serde::json::{Value, json};

use super::DEMO;
use super::client::App;

/// A key for this test only.
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbnz9SBsEhf3CIVEt
u2tCrlLmRYSY7VdyzvHhfkLyqJehRANCAAQQBI74eMr55ZBLfZ4Q2cB3O7VsSQTF
Is2MWFjvzGtOWV/vAG3daNUG1YdkSmdbLNgqYkXqF2u8knf/NomGXe6C
-----END PRIVATE KEY-----
";

#[test]
fn a_secret_is_not_published() {
    let app = App::in_memory();
    assert_eq!(jwks(&app), json!({ "keys": [] }));
}

#[test]
fn a_public_key_is_published_without_its_private_key() {
    let settings = json!({ "algorithm": "ES256", "private_key": PRIVATE_KEY });
    let app = App::new(|fairing| fairing.store(MemoryStore::new()), settings);
    let key = &jwks(&app)["keys"][0];
    assert_eq!((&key["crv"], &key["d"]), (&json!("P-256"), &Value::Null));
    let pair = app.login(DEMO);
    assert_eq!(app.get("/me", &pair.access).status(), Status::Ok);
}

fn jwks(app: &App) -> Value {
    app.client.get("/.well-known/jwks.json").dispatch().into_json().expect("the body is JSON")
}
