//! The JOSE header of a token. It is parsed only if its bytes are not recognized.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::compact::decode_text;
use crate::error::InvalidToken;
use crate::json::Text;

/// The maximum number of parameters, which is more than are registered. Each one is compared with all earlier ones.
const MOST: usize = 32;

/// The header parameters that matter. Keys in the header (`jwk`, `jku`, `x5u`, `x5c`) are ignored (RFC 8725, section
/// 3.10).
#[derive(Default)]
pub(crate) struct Header<'a> {
    pub(crate) alg: Option<Cow<'a, str>>,
    pub(crate) typ: Option<Cow<'a, str>>,
    pub(crate) kid: Option<Cow<'a, str>>,
    pub(crate) crit: bool,
}

/// Decodes the encoded header and passes it to `read`.
pub(crate) fn with_header<T>(
    encoded: &str,
    read: impl FnOnce(&Header<'_>) -> Result<T, InvalidToken>,
) -> Result<T, InvalidToken> {
    let json = decode_text(encoded)?;
    let header: Header<'_> = serde_json::from_str(&json).map_err(|_| InvalidToken::Malformed)?;
    read(&header)
}

impl Header<'_> {
    /// Returns whether `typ` is this type. Media types are case-insensitive and may omit `application/` (RFC 7515,
    /// section 4.1.9; RFC 9068, section 4).
    pub(crate) fn is_typ(&self, expected: &str) -> bool {
        let typ = self.typ.as_deref().unwrap_or_default();
        let typ = match typ.get(..12) {
            Some(prefix) if prefix.eq_ignore_ascii_case("application/") => &typ[12..],
            _ => typ,
        };
        typ.eq_ignore_ascii_case(expected)
    }
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
                        return Err(A::Error::custom("duplicate header parameter, or too many parameters"));
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
