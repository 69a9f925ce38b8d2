//! Events of keys.

use jwt_auth_tests::Setup;
use rocket::Config;
use serde_json::json;

use super::launch;

#[rocket::async_test]
async fn keys_that_are_replaced_are_reported_with_the_key_that_signs() {
    let key = |secret: &str, kid| json!({ "secret": secret.repeat(8), "kid": kid });
    let setup = |keys| Setup::bare(Config::debug_default()).with("keys", keys);
    let (auth, events) = launch(&setup(json!([key("a1b2c3", "one")]))).await;
    auth.reload_keys(setup(json!([key("a1b2c3", "one")])).figment()).expect("the same key");
    assert_eq!(events.names(), ["keys_loaded"]);
    auth.reload_keys(setup(json!([key("d4e5f6", "two")])).figment()).expect("another key");
    assert_eq!(events.names(), ["keys_loaded", "signer_changed"]);
    auth.reload_keys(setup(json!([{ "secret": "short", "kid": "three" }])).figment())
        .expect_err("a weak key");
    assert_eq!(events.names(), [""; 0], "the caller gets the error");
}
