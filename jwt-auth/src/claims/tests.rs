mod numbers;
mod types;

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

fn payload<C: Claims>(claims: &C) -> String {
    String::from_utf8(C::CODEC.write(claims).unwrap().stamp(&stamp())).unwrap()
}

fn written<C: Claims>(claims: &C) -> Value {
    serde_json::from_str(&payload(claims)).unwrap()
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

#[derive(Debug, Serialize, Deserialize)]
struct Careless {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    team: Option<u64>,
    share: f64,
    #[serde(rename(serialize = "nickName"), default)]
    nick_name: String,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Option::deserialize(deserializer)
}

impl Claims for Careless {
    const SUBJECT_FIELD: Option<&'static str> = Some("id");

    fn subject(&self) -> String {
        self.id.to_string()
    }
}

#[test]
fn claims_that_cannot_be_read_back_are_reported() {
    let read_back = |claims: &Careless| {
        let body = Careless::CODEC.write(claims).unwrap();
        super::read_back::<Careless>(&body).map_err(|error| format!("{error:?}"))
    };
    let careless = || Careless { id: 5, team: Some(1), share: 0.5, nick_name: String::new() };
    assert_eq!(read_back(&careless()), Ok(()));
    // A warning, because the rest of the claims is intact.
    assert_eq!(read_back(&Careless { nick_name: "ann".to_owned(), ..careless() }), Ok(()));
    for (claims, problem) in [
        (Careless { team: None, ..careless() }, "missing field `team`"),
        (Careless { share: f64::NAN, ..careless() }, "`share`: invalid type: null"),
    ] {
        let error = read_back(&claims).unwrap_err();
        assert!(error.contains(problem) && error.contains("Careless"), "{error}");
    }
}
