//! Serde attributes, and handwritten impls of the serde traits.
#![deny(warnings)]

use std::collections::BTreeMap;

use jwt_auth::Claims;
use serde::de::Deserializer;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE", default)]
struct Rich {
    #[claims(subject)]
    #[serde(alias = "user", alias = "uid")]
    user_id: u64,
    #[claims(roles)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    #[claims(scope)]
    #[serde(rename(serialize = "scp", deserialize = "scp"))]
    scope: String,
    #[serde(with = "days")]
    birthday: u32,
    #[serde(flatten)]
    rest: BTreeMap<String, bool>,
    #[serde(skip)]
    secret: String,
}

impl Default for Rich {
    fn default() -> Self {
        let (roles, scope, rest) = (vec![], "read".to_owned(), BTreeMap::new());
        Self { user_id: 7, roles, scope, birthday: 1, rest, secret: String::new() }
    }
}

mod days {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(day: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(*day * 86_400)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        Ok(u32::deserialize(deserializer)? / 86_400)
    }
}

#[derive(Claims)]
struct Handwritten {
    #[claims(subject)]
    id: u64,
}

impl Serialize for Handwritten {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("id", &self.id)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Handwritten {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<String, u64>::deserialize(deserializer)?;
        Ok(Self { id: map.get("id").copied().unwrap_or_default() })
    }
}

#[test]
fn serde_attributes_set_the_names() {
    let rich = Rich::default();
    assert_eq!((Rich::SUBJECT_FIELD, rich.subject().as_str()), (Some("USER-ID"), "7"));
    assert_eq!((rich.secret.as_str(), rich.birthday, rich.rest.len()), ("", 1, 0));
    assert_eq!((Handwritten::SUBJECT_FIELD, Handwritten { id: 9 }.subject().as_str()), (Some("id"), "9"));
}
