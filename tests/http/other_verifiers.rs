//! Services that verify access tokens of an app with other libraries: PyJWT and joserfc.

use std::process::Command;

use jsonwebtoken::Algorithm::{self, HS256};
use jwt_auth_tests::{ALGORITHMS, Setup, TestKey, python, user};
use serde_json::{Value, json};

/// Verifies each token like a service with this audience, and prints the subject or the error. Checks the key, the issuer
/// and the audience, but not `typ`.
const VERIFY_AUDIENCE: &str = r#"
import json, sys, jwt
given = json.loads(sys.argv[1])
found = []
for token in given["tokens"]:
    try:
        found.append(jwt.decode(token, given["key"], algorithms=["HS256"], issuer="us", audience=given["audience"])["sub"])
    except jwt.InvalidTokenError as error:
        found.append(type(error).__name__)
print(json.dumps(found))
"#;

#[rocket::async_test]
async fn a_service_that_checks_the_audience_rejects_refresh_tokens() {
    for (setting, audience) in [
        (json!("api"), json!("api")),
        (json!(["api", "admin"]), json!("admin")),
        (json!(["api", "admin"]), json!(["other", "api"])),
        (Value::Null, Value::Null),
    ] {
        let mut setup = Setup::memory().key(HS256).with("issuer", "us");
        if !setting.is_null() {
            setup = setup.with("audience", &setting);
        }
        let auth = setup.launch().await;
        let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
        let given = json!({
            "tokens": [pair.access_token, pair.refresh_token],
            "key": TestKey::of(HS256).private,
            "audience": audience,
        });
        assert_eq!(
            run(VERIFY_AUDIENCE, &given),
            json!(["alice", "InvalidAudienceError"]),
            "{setting} and {audience}"
        );
    }
}

/// Verifies two tokens of each algorithm with both libraries, and prints the subjects or the errors.
const VERIFY_ALGORITHMS: &str = r#"
import json, sys, jwt, joserfc.errors, joserfc.jwk, joserfc.jwt

def pyjwt(given, token):
    kid = jwt.get_unverified_header(token).get("kid")
    key = given["secret"] or next(key for key in jwt.PyJWKSet.from_dict(given["jwks"]).keys if key.key_id == kid)
    return jwt.decode(token, key, algorithms=[given["algorithm"]])["sub"]

def jose(given, token):
    if given["secret"]:
        key = joserfc.jwk.OctKey.import_key(given["secret"])
    else:
        key = joserfc.jwk.KeySet.import_key_set(given["jwks"])
    return joserfc.jwt.decode(token, key, algorithms=[given["algorithm"]]).claims["sub"]

found = []
for given in json.loads(sys.argv[1]):
    for token in [given["valid"], given["forged"]]:
        for verify in [pyjwt, jose]:
            try:
                found.append(verify(given, token))
            except (jwt.InvalidSignatureError, joserfc.errors.BadSignatureError):
                found.append("forged")
print(json.dumps(found))
"#;

#[rocket::async_test]
async fn other_libraries_verify_access_tokens_of_every_algorithm() {
    let mut given = Vec::new();
    for algorithm in ALGORITHMS {
        let auth = Setup::memory().key(algorithm).launch().await;
        let valid = auth.generate_tokens(&user("alice")).await.expect("a login").access_token;
        let other = auth.generate_tokens(&user("mallory")).await.expect("a login").access_token;
        let forged =
            format!("{}.{}", before_signature(&other), valid.rsplit('.').next().expect("a signature"));
        let is_secret = matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
        given.push(json!({
            "algorithm": format!("{algorithm:?}"),
            "secret": is_secret.then(|| TestKey::of(algorithm).private),
            "jwks": auth.jwks(),
            "valid": valid,
            "forged": forged,
        }));
    }
    assert_eq!(given.len(), 12);
    let found = run(VERIFY_ALGORITHMS, &json!(given));
    let expected = ["alice", "alice", "forged", "forged"].repeat(given.len());
    assert_eq!(found, json!(expected));
}

fn before_signature(token: &str) -> &str {
    token.rsplit_once('.').expect("a signature").0
}

/// Runs this script with the value as its argument, and returns what it prints.
fn run(script: &str, given: &Value) -> Value {
    let output =
        Command::new(python()).args(["-c", script, &given.to_string()]).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
