use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::clock::Timestamp;

const ID: Uuid = Uuid::from_u128(0xabc);

fn stamp() -> Stamp<'static> {
    let time = Timestamp::from_secs;
    Stamp {
        iss: None,
        aud: None,
        iat: time(100),
        exp: time(200),
        jti: ID,
        sid: Some(ID),
        generation: None,
        revision: None,
        auth_time: None,
        acr: None,
    }
}

fn written<C: Claims>(claims: &C) -> Value {
    serde_json::from_slice(&C::CODEC.write(claims).unwrap().stamp(&stamp())).unwrap()
}

/// Returns the reason the claims cannot be written.
fn fault<C: Claims>(claims: &C) -> String {
    C::CODEC.write(claims).err().expect("the claims cannot be written").to_string()
}

fn reads<C: Claims>(payload: &str) -> Result<C, String> {
    C::CODEC
        .read(&Payload::new(payload, Dialect::Own), 0)
        .map(|decoded| decoded.claims)
        .map_err(|error| error.to_string())
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct User {
    id: u64,
    name: String,
}

impl Claims for User {
    const SUBJECT_FIELD: Option<&'static str> = Some("id");

    fn subject(&self) -> String {
        self.id.to_string()
    }
}

#[test]
fn the_subject_field_is_written_only_as_the_string_sub() {
    let user = User { id: 5, name: "ann".to_owned() };
    let payload = written(&user);
    assert_eq!(payload, json!({"sub": "5", "name": "ann", "iat": 100, "exp": 200, "jti": ID, "sid": ID}));
    assert_eq!(reads(&payload.to_string()), Ok(user));
}

#[test]
fn the_subject_is_read_only_from_sub() {
    let user = User { id: 5, name: "ann".to_owned() };
    assert_eq!(reads(r#"{"id": 6, "sub": "5", "name": "ann"}"#), Ok(user));
    for payload in [
        r#"{"id": 5, "name": "ann"}"#,
        r#"{"sub": 5, "name": "ann"}"#,
        r#"{"sub": null, "name": "ann"}"#,
        r#"{"sub": "05", "name": "ann"}"#,
        r#"{"sub": "+5", "name": "ann"}"#,
        r#"{"sub": "", "name": "ann"}"#,
        r#"{"sub": "x", "name": "ann"}"#,
    ] {
        assert!(reads::<User>(payload).is_err(), "{payload}");
    }
}

#[test]
fn duplicate_names_are_rejected() {
    for payload in [
        r#"{"sub": "5", "sub": "5", "name": "ann"}"#,
        r#"{"sub": "5", "\u0073ub": "6", "name": "ann"}"#,
        r#"{"sub": "5", "name": "ann", "name": "bob"}"#,
        r#"{"sub": "5", "name": "ann", "n\u0061me": "bob"}"#,
        r#"{"sub": "5", "name": "ann", "other": 1, "other": 2}"#,
        r#"{"sub": "5", "name": "ann", "id": 1, "id": 2}"#,
        r#"{"sub": "5", "name": "ann", "exp": 1, "exp": 1}"#,
        r#"{"sub": "5", "name": "ann", "exp": 1, "\u0065xp": 9}"#,
        r#"{"sub": "5", "name": "ann", "aud": "a", "aud": "b"}"#,
    ] {
        assert!(reads::<User>(payload).is_err(), "{payload}");
    }
}

#[test]
fn registered_claims_of_the_wrong_type_are_rejected() {
    for wrong in [
        r#""exp": "200""#,
        r#""exp": null"#,
        r#""exp": -1"#,
        r#""exp": 1e308"#,
        r#""exp": 9007199254740992"#,
        r#""exp": [200]"#,
        r#""exp": true"#,
        r#""nbf": "1""#,
        r#""iat": {}"#,
        r#""iss": ["a"]"#,
        r#""iss": 1"#,
        r#""iss": null"#,
        r#""aud": 1"#,
        r#""aud": {"a": 1}"#,
        r#""aud": ["a", 1]"#,
        r#""aud": null"#,
        r#""jti": 1"#,
        r#""jti": "x""#,
        r#""sid": "x""#,
        r#""sid": []"#,
        r#""auth_time": "1""#,
        r#""auth_time": null"#,
        r#""acr": 1"#,
        r#""acr": ["gold"]"#,
    ] {
        assert!(reads::<User>(&format!(r#"{{"sub": "5", "name": "ann", {wrong}}}"#)).is_err(), "{wrong}");
    }
    for fine in [r#""exp": 200.5"#, r#""aud": ["a", "b"]"#, r#""aud": []"#, r#""new": {"a": [1]}"#] {
        assert!(reads::<User>(&format!(r#"{{"sub": "5", "name": "ann", {fine}}}"#)).is_ok(), "{fine}");
    }
}

#[test]
fn a_payload_that_is_not_an_object_is_rejected() {
    for payload in ["", "5", "[]", "null", "\"a\"", "{", r#"{"sub": "5", "name": "ann"} x"#] {
        assert!(reads::<User>(payload).is_err(), "{payload}");
    }
}

#[test]
fn deep_nesting_does_not_crash_the_process() {
    let deep =
        format!(r#"{{"sub": "5", "name": "ann", "x": {}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert!(reads::<User>(&deep).is_ok(), "unknown claims are skipped");
    assert!(
        reads::<Open>(&deep.replace("5", &ID.to_string())).is_err(),
        "claims that are kept may not be nested that deeply"
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Nested {
    user: User,
}

impl Claims for Nested {
    fn subject(&self) -> String {
        self.user.id.to_string()
    }
}

#[test]
fn nested_data_is_kept_in_addition_to_sub() {
    let nested = Nested { user: User { id: 5, name: "test".to_owned() } };
    let payload = written(&nested);
    assert_eq!(payload["user"], json!({"id": 5, "name": "test"}));
    assert_eq!(payload["sub"], "5");
    assert_eq!(reads(&payload.to_string()), Ok(nested));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    #[serde(rename = "uid")]
    id: Uuid,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

impl Claims for Open {
    const SUBJECT_FIELD: Option<&'static str> = Some("uid");

    fn subject(&self) -> String {
        self.id.to_string()
    }
}

#[test]
fn a_flattened_map_contains_no_registered_claims() {
    let open = Open { id: ID, rest: HashMap::from([("x".to_owned(), json!([1]))]) };
    let payload = written(&open);
    assert_eq!(payload["sub"], json!(ID));
    assert_eq!(reads(&payload.to_string()), Ok(open));

    let theirs = Open { id: ID, rest: HashMap::from([("exp".to_owned(), json!(9_999_999_999_u64))]) };
    assert!(fault(&theirs).contains("`exp`, which is a registered claim"));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Odd {
    #[serde(rename = "sub")]
    id: String,
}

impl Claims for Odd {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.id.to_uppercase()
    }
}

#[test]
fn claims_that_could_not_be_read_back_are_not_written() {
    assert!(fault(&Odd { id: "ann".to_owned() }).contains("other than its `Display` text"));
    assert!(fault(&Odd { id: String::new() }).contains("the subject is empty"));
    assert_eq!(written(&Odd { id: "ANN".to_owned() })["sub"], "ANN");
}

#[test]
fn scopes_are_separated_by_spaces_or_listed() {
    let text = "a:b  c".to_owned();
    assert_eq!(text.scopes().collect::<Vec<_>>(), ["a:b", "c"]);
    let list = vec!["a:b".to_owned(), "c d".to_owned()];
    assert_eq!(list.scopes().collect::<Vec<_>>(), ["a:b", "c", "d"]);
    assert_eq!(Some(text).scopes().count(), 2);
    assert_eq!(None::<String>.scopes().count(), 0);
}
