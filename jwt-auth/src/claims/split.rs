//! Splits a payload in one pass: the registered claims are set aside, and the rest goes to the app's type.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use smallvec::SmallVec;

use super::Claims;
use super::registered::{Beginning, Registered};
use super::subject::SubjectText;
use crate::json::Text;

/// Reads the app's claims and the registered claims. Rejects duplicate names (RFC 7519, section 4), whether or not they
/// belong to the app, and even if escapes disguise them.
pub(super) fn split<'de, C: Claims>(
    payload: &'de str,
    mode: ReadMode,
) -> Result<(C, Registered<'de>), serde_json::Error> {
    let mut registered = Registered::default();
    let mut json = serde_json::Deserializer::from_str(payload);
    let claims = C::__deserialize(Split { json: &mut json, registered: &mut registered, mode });
    let claims = claims.map_err(|error| match mode.subject_field {
        // Serde names the field, which tokens contain as `sub`.
        Some(field) if error.to_string().starts_with(&format!("missing field `{field}`")) => {
            Error::custom("`sub` is missing")
        }
        _ => error,
    })?;
    json.end()?;
    Ok((claims, registered))
}

/// The deserializer that the app's type sees.
struct Split<'p, 'de, D> {
    json: D,
    registered: &'p mut Registered<'de>,
    mode: ReadMode,
}

/// How a payload is read.
#[derive(Clone, Copy)]
pub(super) struct ReadMode {
    /// The field of the app's type that receives `sub`.
    subject_field: Option<&'static str>,
    dialect: Dialect,
    /// Whether `ver` is the version of the claims rather than a claim of the app.
    versioned: bool,
}

impl ReadMode {
    pub(super) fn of<C: Claims>(dialect: Dialect) -> Self {
        // Tokens of fastapi_framework contain the subject under the name of its field.
        let subject_field =
            C::SUBJECT_FIELD.filter(|field| dialect != Dialect::FastapiFramework || *field == "sub");
        Self { subject_field, dialect, versioned: false }
    }

    pub(super) fn versioned(subject_field: Option<&'static str>) -> Self {
        Self { subject_field, dialect: Dialect::Own, versioned: true }
    }
}

/// The conventions that a payload follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The conventions of this crate.
    Own,
    /// The conventions of a trusted issuer, whose `jti`, `iat`, `sid`, `auth_time` and `acr` may be anything.
    TrustedIssuer,
    /// The conventions of fastapi_framework, where `jti`, `sid`, `auth_time` and `acr` have no special meaning.
    FastapiFramework,
}

/// The claim that contains the version.
pub(super) const VERSION: &str = "ver";

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Split<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { json, registered, mode } = self;
        json.deserialize_map(SplitVisitor { visitor, registered, mode })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct SplitVisitor<'p, 'de, V> {
    visitor: V,
    registered: &'p mut Registered<'de>,
    mode: ReadMode,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for SplitVisitor<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, registered, mode } = self;
        visitor.visit_map(SplitMap { map, registered, mode, seen: SmallVec::new(), next: Next::Payload })
    }
}

struct SplitMap<'p, 'de, A> {
    map: A,
    registered: &'p mut Registered<'de>,
    mode: ReadMode,
    seen: SmallVec<[Cow<'de, str>; 8]>,
    next: Next<'de>,
}

/// The source of the next value for the app's type.
enum Next<'de> {
    Payload,
    Subject(Cow<'de, str>),
}

impl<'de, A: MapAccess<'de>> SplitMap<'_, 'de, A> {
    /// Takes the value of `name` if it is a registered claim.
    fn register(&mut self, name: &str) -> Result<Option<Registration>, A::Error> {
        let registered = &mut *self.registered;
        match name {
            "iss" => fill(&mut registered.iss, "iss", text(&mut self.map)?)?,
            "aud" => fill(&mut registered.aud, "aud", self.map.next_value()?)?,
            "exp" => fill(&mut registered.exp, "exp", self.map.next_value()?)?,
            "nbf" => {
                let Beginning(nbf) = self.map.next_value()?;
                fill(&mut registered.nbf, "nbf", nbf)?;
            }
            "jti" | "sid" | "auth_time" | "acr" if self.mode.dialect == Dialect::FastapiFramework => {
                self.see(name.to_owned().into())?;
                self.map.next_value::<IgnoredAny>()?;
            }
            "iat" | "jti" | "sid" | "auth_time" | "acr" if self.mode.dialect == Dialect::TrustedIssuer => {
                self.see(name.to_owned().into())?;
                let value = self.map.next_value()?;
                self.registered.take_lenient(name, value);
            }
            "cnf" if self.mode.dialect != Dialect::FastapiFramework => {
                self.see(name.to_owned().into())?;
                self.registered.is_sender_constrained =
                    self.map.next_value::<Option<IgnoredAny>>()?.is_some();
            }
            VERSION if self.mode.versioned => {
                self.see(name.to_owned().into())?;
                self.map.next_value::<IgnoredAny>()?;
            }
            "gen" if self.mode.dialect == Dialect::Own => {
                fill(&mut registered.generation, "gen", self.map.next_value()?)?;
            }
            "rev" if self.mode.dialect == Dialect::Own => {
                fill(&mut registered.revision, "rev", self.map.next_value()?)?;
            }
            "iat" => fill(&mut registered.iat, "iat", self.map.next_value()?)?,
            "jti" => fill(&mut registered.jti, "jti", self.map.next_value()?)?,
            "sid" => fill(&mut registered.sid, "sid", self.map.next_value()?)?,
            "auth_time" => fill(&mut registered.auth_time, "auth_time", self.map.next_value()?)?,
            "acr" => fill(&mut registered.acr, "acr", text(&mut self.map)?)?,
            "sub" => {
                fill(&mut registered.sub, "sub", text(&mut self.map)?)?;
                return Ok(Some(Registration::Subject));
            }
            _ => return Ok(None),
        }
        Ok(Some(Registration::Other))
    }

    fn see(&mut self, name: Cow<'de, str>) -> Result<(), A::Error> {
        if self.seen.contains(&name) {
            return Err(A::Error::custom(format_args!("duplicate claim `{name}`")));
        }
        self.seen.push(name);
        Ok(())
    }
}

/// The registered claim that was taken.
enum Registration {
    /// The subject, which the app's type may also read.
    Subject,
    Other,
}

fn fill<T, E: Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

/// Adds the name of the claim to an error about its value.
fn in_claim<E: Error>(name: &str, error: &E) -> E {
    E::custom(format_args!("`{name}`: {error}"))
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Cow<'de, str>, A::Error> {
    map.next_value().map(|Text(text)| text)
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for SplitMap<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Text(name)) = self.map.next_key()? {
            let registered = self.register(&name).map_err(|error| in_claim(&name, &error))?;
            match (registered, self.mode.subject_field) {
                (Some(Registration::Subject), Some(field)) => {
                    self.next = Next::Subject(self.registered.sub.clone().unwrap_or_default());
                    return seed.deserialize(BorrowedStrDeserializer::new(field)).map(Some);
                }
                (Some(_), _) => continue,
                (None, Some(field)) if name == field => {
                    self.see(name)?;
                    self.map.next_value::<IgnoredAny>()?;
                }
                (None, _) => {
                    self.see(name.clone())?;
                    self.next = Next::Payload;
                    return seed.deserialize(name.into_deserializer()).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        match std::mem::replace(&mut self.next, Next::Payload) {
            Next::Payload => {
                let value = self.map.next_value_seed(seed);
                value.map_err(|error| in_claim(self.seen.last().map_or("", |name| name), &error))
            }
            Next::Subject(subject) => {
                seed.deserialize(SubjectText::new(subject)).map_err(|error| in_claim("sub", &error))
            }
        }
    }
}
