//! Tests that tokens in use can still be read after a change of their claims.

use std::any::type_name;
use std::path::Path;

use serde_json::{Map, Value};

use super::snapshot::{self, update};
use crate::claims::{Claims, Dialect, Payload};

/// Asserts that tokens that were signed before a change of `C` can still be read. A committed file contains claims in
/// each form that the type has ever had.
///
/// `sample` is any value with all optional fields set. If the file does not contain the form of `sample` yet, the form
/// is added and the test fails once, so that the change is reviewed. Once the last token of a form has expired, its
/// line can be removed.
///
/// # Panics
///
/// Panics if
///
/// - `C` is an enum (check the struct of each variant instead),
/// - claims in the file cannot be read as `C` (the message names the field),
/// - the form of `C` is new (it is added to the file, unless the variable `CI` is set), or
/// - the file cannot be read or written.
///
/// # Example
///
/// ```
/// # use jwt_auth::Claims;
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { id: u64, name: String }
/// # impl Claims for User {
/// #     const SUBJECT_FIELD: Option<&'static str> = Some("id");
/// #     fn subject(&self) -> String { self.id.to_string() }
/// # }
/// # let folder = std::env::temp_dir().join(uuid::Uuid::new_v4().to_string());
/// # std::fs::create_dir(&folder).unwrap();
/// # let file = folder.join("user.jsonl");
/// # std::fs::write(&file, "{\"name\":\"Ann\",\"sub\":\"1\"}\n").unwrap();
/// use jwt_auth::testing::assert_readable;
///
/// // In an app: "tests/claims/user.jsonl".
/// assert_readable(&file, &User { id: 5, name: "Ben".to_owned() });
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
pub fn assert_readable<C: Claims>(file: impl AsRef<Path>, sample: &C) {
    let name = type_name::<C>();
    assert!(C::CODEC.len() == 1, "`{name}` is an enum: check the struct of each variant instead");
    let (file, shown) = (file.as_ref(), file.as_ref().display());
    let known = snapshot::read(file).unwrap_or_default();
    for (number, line) in (1..).zip(known.lines()) {
        if let Err(error) = C::CODEC.read(&Payload::new(line, Dialect::Own), 0) {
            panic!(
                "tokens in use can no longer be read as `{name}`: {error}\n  {shown}, line {number}: {line}\n\
                 Give a new field `#[serde(default)]`, or write `#[claims(version = …, upgrade(… = …))]` on \
                 `{name}`. If all such tokens have expired, remove the line."
            );
        }
    }

    let sample = match C::CODEC.write(sample) {
        Ok(body) => body.json().to_owned(),
        Err(error) => panic!("{error}"),
    };
    let form_of_sample = form(&serde_json::from_str(&sample).expect("claims are JSON"));
    let is_known = known
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .any(|line: Value| form(&line) == form_of_sample);
    if !is_known {
        let result = update(file, &(known + &sample + "\n"));
        panic!("`{name}` has a form that is not in {shown}{result}\n  {sample}");
    }
}

/// Returns the names and types of claims, without their values.
fn form(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(values) => values.first().map(form).into_iter().collect(),
        Value::Object(members) => {
            // A version is part of the form.
            let of = |(name, value): (&String, &Value)| match name.as_str() {
                "ver" => (name.clone(), value.clone()),
                _ => (name.clone(), form(value)),
            };
            Value::Object(members.iter().map(of).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::form;

    #[test]
    fn a_form_consists_of_names_and_types() {
        let ann = json!({"sub": "1", "roles": ["a", "b"], "team": {"id": 1}, "ver": 2});
        assert_eq!(form(&ann), form(&json!({"sub": "2", "roles": ["c"], "team": {"id": 3}, "ver": 2})));
        for other in [
            json!({"sub": "1", "roles": ["a"], "team": {"id": 1}, "ver": 3}),
            json!({"sub": "1", "roles": ["a"], "team": {"id": "1"}, "ver": 2}),
            json!({"sub": "1", "roles": [], "team": {"id": 1}, "ver": 2}),
            json!({"sub": "1", "roles": ["a"], "ver": 2}),
        ] {
            assert_ne!(form(&ann), form(&other));
        }
    }
}
