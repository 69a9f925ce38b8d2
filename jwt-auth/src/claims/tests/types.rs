//! Claims of unusual types.

use super::*;

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
