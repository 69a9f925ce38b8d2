//! Checks that claims can be read back from their own token.

use std::any::type_name;

use serde_json::Value;

use super::Claims;
use super::codec::Payload;
use super::split::Dialect;
use super::write::Body;
use crate::error::AuthError;

/// Reads claims back from what was written for a token. Otherwise, a mistake in a claims type would show only in the next
/// request, as an invalid token. Logs a warning if they have changed.
///
/// # Errors
///
/// The claims cannot be read back.
pub(crate) fn read_back<C: Claims>(body: &Body) -> Result<(), AuthError> {
    let profile =
        C::CODEC.profiles().iter().position(|profile| profile.is(&body.profile)).unwrap_or_default();
    let read = C::CODEC.read(&Payload::new(body.json(), Dialect::Own), profile).map_err(|error| {
        AuthError::internal(format!(
            "`{}` can be written to a token but not read back, so every request with the token would be rejected: {error}. \
             If the field is sometimes skipped, give it `#[serde(default)]`. If its name or form differs between the two \
             directions, make them the same",
            type_name::<C>()
        ))
    })?;
    let again = C::CODEC.write(&read.claims)?;
    let changed = differences(body.json(), again.json());
    if !changed.is_empty() {
        log::warn!(
            "jwt-auth: `{}` changes when it is read back from its own token, in {}. Check the serde attributes of these \
             fields",
            type_name::<C>(),
            changed.join(", ")
        );
    }
    Ok(())
}

/// Returns the names of the members that differ between two objects. The order in a list does not matter, because a set has
/// none.
fn differences(one: &str, other: &str) -> Vec<String> {
    let members = |json| match serde_json::from_str(json) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let (mut one, mut other) = (members(one), members(other));
    one.values_mut().chain(other.values_mut()).for_each(sort);
    let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
    let changed = names.filter(|name| one.get(*name) != other.get(*name));
    changed.map(|name| format!("`{}`", name.escape_debug())).collect()
}

fn sort(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.iter_mut().for_each(sort);
            values.sort_by_cached_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}
