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

/// An id that serializes as an object and deserializes from its text, as the `ObjectId` of MongoDB does.
#[derive(Debug, PartialEq)]
struct ObjectId(u32);

impl Serialize for ObjectId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "$oid": format!("{:x}", self.0) }).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = match Value::deserialize(deserializer)? {
            Value::String(text) => u32::from_str_radix(&text, 16),
            other => u32::from_str_radix(other["$oid"].as_str().unwrap_or_default(), 16),
        };
        id.map(Self).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Document {
    id: ObjectId,
    large: u128,
}

impl Claims for Document {
    const SUBJECT_FIELD: Option<&'static str> = Some("id");

    fn subject(&self) -> String {
        format!("{:x}", self.id.0)
    }
}

#[test]
fn a_subject_can_serialize_as_an_object() {
    let document = Document { id: ObjectId(0xabc), large: u128::MAX };
    let payload = payload(&document);
    assert!(payload.contains(r#""sub":"abc""#) && !payload.contains("$oid"), "{payload}");
    assert_eq!(reads(&payload), Ok(document));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Large {
    id: u128,
    offset: i128,
}

impl Claims for Large {
    const SUBJECT_FIELD: Option<&'static str> = Some("id");

    fn subject(&self) -> String {
        self.id.to_string()
    }
}

#[test]
fn numbers_can_have_128_bits() {
    for id in [0, u128::from(u64::MAX), u128::from(u64::MAX) + 1, u128::MAX] {
        let large = Large { id, offset: i128::MIN };
        let payload = payload(&large);
        assert!(payload.contains(&format!(r#""sub":"{id}""#)), "{payload}");
        assert_eq!(reads(&payload), Ok(large));
    }
}

#[test]
fn dates_can_have_fractions() {
    let payload = r#"{"sub":"5","name":"ann","iat":100.7,"exp":1.5e3,"nbf":100.2,"auth_time":99.9,"jti":"00000000-0000-0000-0000-000000000abc"}"#;
    let decoded = User::CODEC.read(&Payload::new(payload, Dialect::Own), 0).unwrap();
    let dates = [
        decoded.registered.iat,
        decoded.registered.exp,
        decoded.registered.nbf,
        decoded.registered.auth_time,
    ];
    assert_eq!(dates.map(|date| date.unwrap().0), [100, 1500, 101, 99]);
    let theirs = User::CODEC.read(&Payload::new(payload, Dialect::TrustedIssuer), 0).unwrap();
    assert_eq!(theirs.registered.iat.unwrap().0, 100);
    for date in
        [r#""100""#, "-1", "-0.5", "1e300", "null", "[1]", r#"{"$serde_json::private::Number":"100"}"#]
    {
        let payload = format!(r#"{{"sub":"5","name":"ann","iat":{date}}}"#);
        assert!(reads::<User>(&payload).is_err(), "{date}");
    }
}

/// Returns a number only if it is requested by type, as serde_json does with its feature `arbitrary_precision`.
struct ByType(f64);

impl<'de> serde::Deserializer<'de> for ByType {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let number = std::iter::once(("$serde_json::private::Number", self.0.to_string()));
        visitor.visit_map(serde::de::value::MapDeserializer::new(number))
    }

    fn deserialize_f64<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_f64(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn dates_are_read_with_numbers_of_arbitrary_precision() {
    assert_eq!(NumericDate::deserialize(ByType(100.7)), Ok(NumericDate(100)));
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
