//! Whether tokens that are in use can still be read after a change of their claims.

use std::any::type_name;
use std::path::Path;

use serde_json::{Map, Value};

use super::snapshot::{self, note};
use crate::claims::{Claims, read};

/// Sees that tokens which were signed before a change of `C` can still be read: claims in each form that
/// the type ever had are kept in a file, which is committed.
///
/// `sample` is any value whose optional fields are there. In a form that the file does not hold yet it is
/// added, and the test fails this once, so that the change is looked at. When the last token of a form has
/// expired, its line can be removed.
///
/// # Panics
///
/// - Claims in the file cannot be read as `C`; the message names the field.
/// - The form of `C` is new. It is in the file now, unless the variable `CI` is set: nobody looks at it there.
/// - The file cannot be read or written.
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
/// use jwt_auth::testing::in_circulation;
///
/// // In an app: "tests/claims/user.jsonl".
/// in_circulation(&file, &User { id: 5, name: "Ben".to_owned() });
/// # std::fs::remove_dir_all(folder).unwrap();
/// ```
pub fn in_circulation<C: Claims>(file: impl AsRef<Path>, sample: &C) {
    let (file, shown) = (file.as_ref(), file.as_ref().display());
    let known = snapshot::read(file).unwrap_or_default();
    for (number, line) in (1..).zip(known.lines()) {
        if let Err(error) = read::<C>(line) {
            let name = type_name::<C>();
            panic!(
                "tokens in use cannot be read as `{name}` any more: {error}\n  {shown}, line {number}: {line}\n\
                 Give a new field `#[serde(default)]`, or write `#[claims(version = …, upgrade(… = …))]` on \
                 `{name}`. If no such token lives any more, remove the line."
            );
        }
    }

    let sample = match sample.body() {
        Ok(body) => body.claims(),
        Err(error) => panic!("{error}"),
    };
    let is_known = known
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .any(|line: Value| form(&line) == form(&sample));
    if !is_known {
        let now = note(file, &(known + &sample.to_string() + "\n"));
        panic!("`{}` has a form that is not in {shown}{now}\n  {sample}", type_name::<C>());
    }
}

/// The names and the types of claims, without the values.
fn form(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(values) => values.first().map(form).into_iter().collect(),
        Value::Object(members) => {
            // A version is one by its number.
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
    fn a_form_is_names_and_types() {
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
