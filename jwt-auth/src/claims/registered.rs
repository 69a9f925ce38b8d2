//! The registered claims of RFC 7519, section 4.1, and OpenID Connect Core, section 2, as they are read from a token,
//! before any check.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde_json::Value;
use smallvec::{SmallVec, smallvec};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::json::Text;

/// The registered claims of one token.
#[derive(Debug, Default)]
pub(crate) struct Registered<'a> {
    pub(crate) iss: Option<Cow<'a, str>>,
    pub(crate) sub: Option<Cow<'a, str>>,
    pub(crate) aud: Option<Audience<'a>>,
    pub(crate) exp: Option<NumericDate>,
    pub(crate) nbf: Option<NumericDate>,
    pub(crate) iat: Option<NumericDate>,
    pub(crate) jti: Option<Uuid>,
    pub(crate) sid: Option<Uuid>,
    pub(crate) generation: Option<u32>,
    pub(crate) revision: Option<u64>,
    pub(crate) auth_time: Option<NumericDate>,
    pub(crate) acr: Option<Cow<'a, str>>,
    /// Whether the token is bound to a key of its client (`cnf`; RFC 7800).
    pub(crate) is_sender_constrained: bool,
}

impl Registered<'_> {
    /// Takes a claim of a trusted issuer if it has the expected type. The issuer may use its name for something else.
    pub(super) fn take_lenient(&mut self, name: &str, value: Value) {
        match name {
            "iat" => self.iat = serde_json::from_value(value).ok(),
            "auth_time" => self.auth_time = serde_json::from_value(value).ok(),
            "jti" => self.jti = serde_json::from_value(value).ok(),
            "acr" => self.acr = value.as_str().map(|acr| acr.to_owned().into()),
            // The sessions of another issuer are not sessions of this app.
            _ => {}
        }
    }
}

/// The names of claims that have a standard meaning and are not written yet: what a token is bound to, and who acts for whom
/// (RFC 7800, section 3; RFC 8693, section 4).
pub(super) const RESERVED: [&str; 4] = ["cnf", "act", "may_act", "client_id"];

/// The names of the claims that this crate writes.
pub(super) const NAMES: [&str; 12] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "gen", "rev", "auth_time", "acr"];

/// The `aud` claim: one name or several (RFC 7519, section 4.1.3).
#[derive(Debug)]
pub(crate) struct Audience<'a>(SmallVec<[Cow<'a, str>; 1]>);

impl Audience<'_> {
    /// Returns whether the claim names this audience.
    pub(crate) fn names(&self, audience: &str) -> bool {
        self.0.iter().any(|name| name == audience)
    }

    /// Returns the name, if it is the only one.
    pub(crate) fn only(&self) -> Option<&str> {
        match &*self.0 {
            [name] => Some(name),
            _ => None,
        }
    }
}

/// Whole seconds since 1970 (RFC 7519, section 2). Fractions are rounded down, so that no token is valid for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumericDate(pub(crate) u64);

impl From<NumericDate> for Timestamp {
    fn from(NumericDate(seconds): NumericDate) -> Self {
        Self::from_secs(seconds)
    }
}

impl<'de> Deserialize<'de> for Audience<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AudienceVisitor;

        impl<'de> Visitor<'de> for AudienceVisitor {
            type Value = Audience<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Audience(smallvec![Cow::Borrowed(text)]))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Audience(smallvec![Cow::Owned(text.to_owned())]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut names = SmallVec::new();
                while let Some(Text(name)) = seq.next_element()? {
                    names.push(name);
                }
                Ok(Audience(names))
            }
        }

        deserializer.deserialize_any(AudienceVisitor)
    }
}

/// The date from which a token is valid. Fractions are rounded up, so that no token is valid too early.
pub(super) struct Beginning(pub(super) NumericDate);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(DateVisitor { round: f64::floor })
    }
}

impl<'de> Deserialize<'de> for Beginning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(DateVisitor { round: f64::ceil }).map(Self)
    }
}

/// Visits integers and fractions. It asks for a number by type: for any other request, serde_json returns a map if some crate
/// enables its feature `arbitrary_precision`.
struct DateVisitor {
    round: fn(f64) -> f64,
}

impl DateVisitor {
    /// The largest integer that a JSON number represents exactly (RFC 7493, section 2.2).
    const LAST: u64 = (1 << 53) - 1;
}

impl Visitor<'_> for DateVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Self::Value, E> {
        if seconds <= Self::LAST {
            Ok(NumericDate(seconds))
        } else {
            Err(E::invalid_value(Unexpected::Unsigned(seconds), &self))
        }
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Self::Value, E> {
        if (0.0..=Self::LAST as f64).contains(&seconds) {
            Ok(NumericDate((self.round)(seconds) as u64))
        } else {
            Err(E::invalid_value(Unexpected::Float(seconds), &self))
        }
    }
}
