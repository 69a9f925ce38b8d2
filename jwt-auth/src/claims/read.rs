//! One pass over a token's payload: the registered claims go to us, the rest to the user's type.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use smallvec::SmallVec;

use super::Claims;
use super::registered::{Beginning, Registered, Text};
use super::subject::SubjectText;
use super::version;

/// Reads both. A name that stands there twice is refused (RFC 7519, section 4), whoever it belongs
/// to, and also when an escape hides it.
pub(crate) fn read<C: Claims>(payload: &str) -> Result<(C, Registered<'_>), serde_json::Error> {
    match C::VERSION {
        None => {
            split(payload, How { subject_field: C::SUBJECT_FIELD, origin: Origin::Ours, versioned: false })
        }
        Some(version) => version::read(payload, version),
    }
}

/// Reads both from a payload of another system, where the subject stands under its own name and as what
/// it is, and `jti` and `sid` are no ids of ours.
pub(crate) fn read_foreign<C: Claims>(payload: &str) -> Result<(C, Registered<'_>), serde_json::Error> {
    let subject_field = C::SUBJECT_FIELD.filter(|field| *field == "sub");
    split(payload, How { subject_field, origin: Origin::Foreign, versioned: false })
}

/// Reads both from a payload of another issuer: the claims that it names as ours are and uses as it likes say
/// something if they are what they are called, and nothing otherwise.
pub(crate) fn read_of_other_issuer<C: Claims>(
    payload: &str,
) -> Result<(C, Registered<'_>), serde_json::Error> {
    split(payload, How { subject_field: C::SUBJECT_FIELD, origin: Origin::OtherIssuer, versioned: false })
}

pub(super) fn split<'de, C: Claims>(
    payload: &'de str,
    how: How,
) -> Result<(C, Registered<'de>), serde_json::Error> {
    let mut registered = Registered::default();
    let mut json = serde_json::Deserializer::from_str(payload);
    let claims = C::deserialize(Split { json: &mut json, registered: &mut registered, how })?;
    json.end()?;
    Ok((claims, registered))
}

/// The deserializer that the user's type sees.
struct Split<'p, 'de, D> {
    json: D,
    registered: &'p mut Registered<'de>,
    how: How,
}

/// What is particular to a payload.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// The field of the user's type that is told of `sub`.
    subject_field: Option<&'static str>,
    origin: Origin,
    /// Whether `ver` says which version it is of, and is not the user's.
    versioned: bool,
}

impl How {
    pub(super) fn versioned(subject_field: Option<&'static str>) -> Self {
        Self { subject_field, origin: Origin::Ours, versioned: true }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Ours,
    /// A service that writes tokens in a way of its own.
    Foreign,
    OtherIssuer,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Split<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { json, registered, how } = self;
        json.deserialize_map(SplitVisitor { visitor, registered, how })
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
    how: How,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for SplitVisitor<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, registered, how } = self;
        visitor.visit_map(SplitMap { map, registered, how, seen: SmallVec::new(), next: Next::Theirs })
    }
}

struct SplitMap<'p, 'de, A> {
    map: A,
    registered: &'p mut Registered<'de>,
    how: How,
    seen: SmallVec<[Cow<'de, str>; 8]>,
    next: Next<'de>,
}

/// Where the value comes from that the user's type asks for next.
enum Next<'de> {
    Theirs,
    Subject(Cow<'de, str>),
}

impl<'de, A: MapAccess<'de>> SplitMap<'_, 'de, A> {
    /// Takes the value of `name` if that is a registered claim. The subject is told of again.
    fn register(&mut self, name: &str) -> Result<Option<Taken>, A::Error> {
        let registered = &mut *self.registered;
        match name {
            "iss" => fill(&mut registered.iss, "iss", text(&mut self.map)?)?,
            "aud" => fill(&mut registered.aud, "aud", self.map.next_value()?)?,
            "exp" => fill(&mut registered.exp, "exp", self.map.next_value()?)?,
            "nbf" => {
                let Beginning(nbf) = self.map.next_value()?;
                fill(&mut registered.nbf, "nbf", nbf)?;
            }
            "jti" | "sid" | "auth_time" | "acr" if self.how.origin == Origin::Foreign => {
                self.see(name.to_owned().into())?;
                self.map.next_value::<IgnoredAny>()?;
            }
            "iat" | "jti" | "sid" | "auth_time" | "acr" if self.how.origin == Origin::OtherIssuer => {
                self.see(name.to_owned().into())?;
                let value = self.map.next_value()?;
                self.registered.take_loosely(name, value);
            }
            version::NAME if self.how.versioned => {
                self.see(name.to_owned().into())?;
                self.map.next_value::<IgnoredAny>()?;
            }
            "iat" => fill(&mut registered.iat, "iat", self.map.next_value()?)?,
            "jti" => fill(&mut registered.jti, "jti", self.map.next_value()?)?,
            "sid" => fill(&mut registered.sid, "sid", self.map.next_value()?)?,
            "auth_time" => fill(&mut registered.auth_time, "auth_time", self.map.next_value()?)?,
            "acr" => fill(&mut registered.acr, "acr", text(&mut self.map)?)?,
            "sub" => {
                fill(&mut registered.sub, "sub", text(&mut self.map)?)?;
                return Ok(Some(Taken::Subject));
            }
            _ => return Ok(None),
        }
        Ok(Some(Taken::Ours))
    }

    fn see(&mut self, name: Cow<'de, str>) -> Result<(), A::Error> {
        if self.seen.contains(&name) {
            return Err(A::Error::custom("a claim is there twice"));
        }
        self.seen.push(name);
        Ok(())
    }
}

enum Taken {
    Ours,
    Subject,
}

fn fill<T, E: Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Cow<'de, str>, A::Error> {
    map.next_value().map(|Text(text)| text)
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for SplitMap<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Text(name)) = self.map.next_key()? {
            match (self.register(&name)?, self.how.subject_field) {
                (Some(Taken::Subject), Some(field)) => {
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
                    self.next = Next::Theirs;
                    return seed.deserialize(name.into_deserializer()).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        match std::mem::replace(&mut self.next, Next::Theirs) {
            Next::Theirs => self.map.next_value_seed(seed),
            Next::Subject(subject) => seed.deserialize(SubjectText::new(subject)),
        }
    }
}
