//! The Python example in the guide page `other_services` verifies tokens of an app, and forged ones.

use std::process::Command;

use jsonwebtoken::Algorithm::ES256;
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::{Jwks, JwtAuth, public};
use jwt_auth_tests::{Forge, Setup, TestKey, python, user};
use rocket::fairing::AdHoc;
use rocket::get;
use rocket::tokio::spawn;
use rocket::tokio::sync::oneshot;
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../jwt-auth/src/guide/other_services.md");
const ISSUER: &str = "https://auth.example.com";
const HOUR: u64 = 60 * 60;

/// Calls the example's `verify` with each token, and prints the subjects and the names of the errors.
const CALLS: &str = r#"
import json, sys
results = []
for token in json.loads(sys.argv[1]):
    try:
        results.append(verify(token)["sub"])
    except jwt.PyJWTError as error:
        results.append(type(error).__name__)
print(json.dumps(results))
"#;

#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

#[rocket::async_test]
async fn the_python_example_accepts_access_tokens_and_nothing_else() {
    let setup = Setup::memory().key(ES256).with("issuer", ISSUER).with("audience", ["accounts", "orders"]);
    let (auth, port) = serve(&setup).await;
    let now = setup.clock.now();
    setup.clock.set(Timestamp::from_secs(now.as_secs() - HOUR));
    let old = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.clock.set(now);
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let copy = Forge::like(&pair.access_token, ES256);

    let cases = [
        (pair.access_token, "alice"),
        (old.access_token, "ExpiredSignatureError"),
        (pair.refresh_token, "InvalidAudienceError"),
        (copy.clone().token(), "alice"),
        (copy.clone().header("typ", json!("rt+jwt")).token(), "InvalidTokenError"),
        (copy.clone().no_header("typ").token(), "InvalidTokenError"),
        (copy.clone().header("alg", json!("none")).token(), "InvalidAlgorithmError"),
        (copy.clone().header("alg", json!("HS256")).token(), "InvalidAlgorithmError"),
        (copy.clone().header("kid", json!("unknown")).token(), "PyJWKClientError"),
        (copy.clone().key(TestKey::of_attacker(ES256)).token(), "InvalidSignatureError"),
        (copy.clone().claim("iss", json!("https://other.example")).token(), "InvalidIssuerError"),
        (copy.clone().claim("aud", json!("invoices")).token(), "InvalidAudienceError"),
        (copy.clone().no_claim("aud").token(), "MissingRequiredClaimError"),
        (copy.clone().no_claim("exp").token(), "MissingRequiredClaimError"),
        ("not a token".to_owned(), "DecodeError"),
    ];
    let (tokens, expected): (Vec<String>, Vec<&str>) = cases.into_iter().unzip();
    assert_eq!(run_example(port, &tokens), json!(expected));
}

#[rocket::async_test]
async fn the_python_example_says_that_the_keys_could_not_be_fetched() {
    let auth = Setup::memory().key(ES256).launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let unused = jwt_auth_tests::free_port();
    assert_eq!(run_example(unused, &[pair.access_token]), json!(["PyJWKClientConnectionError"]));
}

/// Serves the public keys of an app. Returns its toolkit and its port.
async fn serve(setup: &Setup) -> (JwtAuth, u16) {
    let (lifted_off, is_up) = oneshot::channel();
    let report = AdHoc::on_liftoff("port", |rocket| {
        let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
        let up = (auth.clone(), rocket.config().port);
        Box::pin(async move { drop(lifted_off.send(up)) })
    });
    let app = setup.rocket().mount("/", jwt_auth::routes![jwks]).attach(report);
    let figment = app.figment().clone().merge(("port", 0));
    spawn(app.configure(figment).launch());
    is_up.await.expect("the app launches")
}

/// Runs the example, which fetches the keys from this port instead of the issuer.
fn run_example(port: u16, tokens: &[String]) -> Value {
    let block = PAGE.split("```python\n").nth(1).and_then(|rest| rest.split("```").next());
    let example = block.expect("the page has a Python example");
    let url = format!("{ISSUER}/.well-known/jwks.json");
    assert!(example.contains(&url), "the example fetches {url}");
    let example = example.replace(&url, &format!("http://127.0.0.1:{port}/.well-known/jwks.json"));
    let mut command = Command::new(python());
    command.args(["-c", &format!("{example}{CALLS}"), &json!(tokens).to_string()]);
    let output = command.output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}
