//! The JOSE header of a token that is not recognised by its bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::claims::Text;

/// More parameters than are registered. Each is compared with those before it.
const MOST: usize = 32;

/// A header, as far as it is looked at. Keys that stand in it (`jwk`, `jku`, `x5u`, `x5c`) are not
/// (RFC 8725, section 3.10).
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) alg: Option<Cow<'a, str>>,
    pub(super) typ: Option<Cow<'a, str>>,
    pub(super) kid: Option<Cow<'a, str>>,
    pub(super) crit: bool,
}

impl<'de> Deserialize<'de> for Header<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeaderVisitor;

        impl<'de> Visitor<'de> for HeaderVisitor {
            type Value = Header<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JOSE header")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header<'de>, A::Error> {
                let mut header = Header::default();
                let mut seen: Vec<Cow<'de, str>> = Vec::new();
                while let Some(Text(name)) = map.next_key()? {
                    if seen.contains(&name) || seen.len() == MOST {
                        return Err(A::Error::custom(
                            "a header parameter is there twice, or there are too many",
                        ));
                    }
                    match &*name {
                        "alg" => header.alg = Some(map.next_value::<Text<'_>>()?.0),
                        "typ" => header.typ = Some(map.next_value::<Text<'_>>()?.0),
                        "kid" => header.kid = Some(map.next_value::<Text<'_>>()?.0),
                        "crit" => {
                            header.crit = true;
                            map.next_value::<IgnoredAny>()?;
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    seen.push(name);
                }
                Ok(header)
            }
        }

        deserializer.deserialize_map(HeaderVisitor)
    }
}
