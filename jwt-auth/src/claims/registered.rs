//! The registered claims of RFC 7519, section 4.1, and of OpenID Connect Core, section 2, as they were read
//! and not yet checked.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde_json::Value;
use smallvec::{SmallVec, smallvec};
use uuid::Uuid;

use super::Claims;
use crate::clock::Timestamp;

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
    pub(crate) auth_time: Option<NumericDate>,
    pub(crate) acr: Option<Cow<'a, str>>,
}

impl Registered<'_> {
    /// Takes a claim of another issuer, which may mean something else by its name.
    pub(super) fn take_loosely(&mut self, name: &str, value: Value) {
        match name {
            "iat" => self.iat = serde_json::from_value(value).ok(),
            "auth_time" => self.auth_time = serde_json::from_value(value).ok(),
            "jti" => self.jti = serde_json::from_value(value).ok(),
            "acr" => self.acr = value.as_str().map(|acr| acr.to_owned().into()),
            // Its sessions are none of ours.
            _ => {}
        }
    }
}

/// The names that the crate writes itself.
pub(super) const NAMES: [&str; 10] =
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "auth_time", "acr"];

/// The `aud` claim: one name or several (RFC 7519, section 4.1.3).
#[derive(Debug)]
pub(crate) struct Audience<'a>(SmallVec<[Cow<'a, str>; 1]>);

impl Audience<'_> {
    /// Whether it names this one.
    pub(crate) fn names(&self, audience: &str) -> bool {
        self.0.iter().any(|name| name == audience)
    }
}

/// Whole seconds since 1970 (RFC 7519, section 2). A fraction is cut off: an end comes no later for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumericDate(pub(crate) u64);

impl From<NumericDate> for Timestamp {
    fn from(NumericDate(seconds): NumericDate) -> Self {
        Self::from_secs(seconds)
    }
}

/// Text that is borrowed from the payload unless it was escaped there.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
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

/// A beginning, which comes no earlier for a fraction: it is rounded up.
pub(super) struct Beginning(pub(super) NumericDate);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DateVisitor { round: f64::floor })
    }
}

impl<'de> Deserialize<'de> for Beginning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DateVisitor { round: f64::ceil }).map(Self)
    }
}

struct DateVisitor {
    round: fn(f64) -> f64,
}

impl DateVisitor {
    /// The last whole number up to which a JSON number is exact (RFC 7493, section 2.2).
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

/// Claims that say nothing but whom a token is about: what `#[require_auth]` asks for on a route
/// that names no claims type.
///
/// A token of [`fastapi_framework`](crate::compat::fastapi_framework) may name nobody by a `sub`. Then the
/// subject is empty here.
#[derive(Debug, Serialize, serde::Deserialize)]
pub struct BareClaims {
    /// Never absent from a token of ours: the verifier sees to that.
    #[serde(default)]
    sub: String,
}

#[cfg(any(test, feature = "testing"))]
impl BareClaims {
    pub(crate) fn of(subject: &str) -> Self {
        Self { sub: subject.to_owned() }
    }
}

impl Claims for BareClaims {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.sub.clone()
    }
}
