//! Single claims of a payload, looked up by name.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::json::Text;

/// Reads one claim. Returns `None` if it is absent.
///
/// # Errors
///
/// The payload is not an object, or the claim has the wrong type or occurs twice.
pub(crate) fn claim<'de, T: Deserialize<'de>>(
    payload: &'de str,
    name: &str,
) -> Result<Option<T>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(payload);
    let claim = json.deserialize_map(ClaimVisitor { name, claim: PhantomData })?;
    json.end()?;
    Ok(claim)
}

struct ClaimVisitor<'n, T> {
    name: &'n str,
    claim: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ClaimVisitor<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut claim = None;
        while let Some(Text(name)) = map.next_key()? {
            match name == self.name {
                false => drop(map.next_value::<IgnoredAny>()?),
                true if claim.is_some() => {
                    return Err(A::Error::custom(format_args!("duplicate claim `{name}`")));
                }
                true => {
                    let value = map.next_value();
                    let named = |error| A::Error::custom(format_args!("`{name}`: {error}"));
                    claim = Some(value.map_err(named)?);
                }
            }
        }
        Ok(claim)
    }
}
