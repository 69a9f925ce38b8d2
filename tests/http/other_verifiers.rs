//! Services that verify our access tokens with another library, in this case PyJWT. They check our key, our issuer and
//! their audience, but not our `typ`.

use std::process::Command;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::{Setup, TestKey, python, user};
use serde_json::{Value, json};

/// Verifies each token like a service with this audience, and prints the subject or the error.
const VERIFY: &str = r#"
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
        let output =
            Command::new(python()).args(["-c", VERIFY, &given.to_string()]).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(found, json!(["alice", "InvalidAudienceError"]), "{setting} and {audience}");
    }
}
