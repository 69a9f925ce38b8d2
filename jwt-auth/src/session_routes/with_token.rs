//! The credentials of a user together with a refresh token, as JSON or as a form.

use std::borrow::Cow;
use std::marker::PhantomData;

use rocket::async_trait;
use rocket::form::error::ErrorKind;
use rocket::form::{self, DataField, FromForm, Options, ValueField};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// The name of the field with the token.
pub(super) const REFRESH_TOKEN: &str = "refresh_token";

/// Credentials, next to which the body may contain a refresh token.
pub(super) struct WithToken<C> {
    pub(super) credentials: C,
    pub(super) token: Option<String>,
}

/// The parsing state of a form.
pub(super) struct Parsing<'f, C: FromForm<'f>> {
    credentials: C::Context,
    token: Option<String>,
    /// Whether there are several tokens.
    is_ambiguous: bool,
}

/// The JSON object without its refresh token.
struct Rest<'t, D> {
    object: D,
    token: &'t mut Option<String>,
}

impl<'de, C: DeserializeOwned> Deserialize<'de> for WithToken<C> {
    fn deserialize<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
        let mut token = None;
        let credentials = C::deserialize(Rest { object, token: &mut token })?;
        Ok(Self { credentials, token })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Rest<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.object.deserialize_map(RestVisitor { visitor, token: self.token })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.object.deserialize_map(VariantVisitor { visitor, token: self.token })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct RestVisitor<'t, V> {
    visitor: V,
    token: &'t mut Option<String>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for RestVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(RestMap::new(map, self.token))
    }
}

/// Reads credentials that are an enum: the object has one member, which is named after the variant.
struct VariantVisitor<'t, V> {
    visitor: V,
    token: &'t mut Option<String>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for VariantVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let mut rest = RestMap::new(map, self.token);
        let value = self.visitor.visit_enum(MapAccessDeserializer::new(&mut rest))?;
        // The token may come after the variant.
        match rest.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(IgnoredAny) => Err(A::Error::custom("several variants of the credentials")),
        }
    }
}

struct RestMap<'t, 'de, A> {
    map: A,
    token: &'t mut Option<String>,
    /// Whether the object had a token already, which may be `null`.
    has_token: bool,
    lifetime: PhantomData<&'de ()>,
}

impl<'t, A> RestMap<'t, '_, A> {
    fn new(map: A, token: &'t mut Option<String>) -> Self {
        Self { map, token, has_token: false, lifetime: PhantomData }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for RestMap<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<Cow<'de, str>>()? {
            if name != REFRESH_TOKEN {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
            if self.has_token {
                return Err(A::Error::duplicate_field(REFRESH_TOKEN));
            }
            self.has_token = true;
            *self.token = self.map.next_value()?;
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[async_trait]
impl<'f, C: FromForm<'f>> FromForm<'f> for WithToken<C> {
    type Context = Parsing<'f, C>;

    fn init(options: Options) -> Parsing<'f, C> {
        Parsing { credentials: C::init(options), token: None, is_ambiguous: false }
    }

    fn push_value(parsing: &mut Parsing<'f, C>, field: ValueField<'f>) {
        match field.name.source().as_str() {
            REFRESH_TOKEN => {
                parsing.is_ambiguous |= parsing.token.replace(field.value.to_owned()).is_some();
            }
            _ => C::push_value(&mut parsing.credentials, field),
        }
    }

    async fn push_data(parsing: &mut Parsing<'f, C>, field: DataField<'f, '_>) {
        C::push_data(&mut parsing.credentials, field).await;
    }

    fn finalize(parsing: Parsing<'f, C>) -> form::Result<'f, Self> {
        if parsing.is_ambiguous {
            return Err(form::Error::from(ErrorKind::Duplicate).with_name(REFRESH_TOKEN).into());
        }
        Ok(Self { credentials: C::finalize(parsing.credentials)?, token: parsing.token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Login {
        name: String,
        password: String,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Factor {
        Password(Login),
        Code { code: u32 },
        Guest,
    }

    fn read<C: DeserializeOwned>(json: &str) -> Result<(C, Option<String>), String> {
        let body: WithToken<C> = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Ok((body.credentials, body.token))
    }

    #[test]
    fn credentials_may_be_an_enum() {
        let password = || Factor::Password(Login { name: "ann".to_owned(), password: "right".to_owned() });
        for (json, factor, token) in [
            (r#"{"password":{"name":"ann","password":"right"}}"#, password(), None),
            (r#"{"refresh_token":"a","password":{"name":"ann","password":"right"}}"#, password(), Some("a")),
            (r#"{"password":{"name":"ann","password":"right"},"refresh_token":"a"}"#, password(), Some("a")),
            (r#"{"code":{"code":5},"refresh_token":"a"}"#, Factor::Code { code: 5 }, Some("a")),
            (r#"{"refresh_token":"a","guest":null}"#, Factor::Guest, Some("a")),
        ] {
            assert_eq!(read(json), Ok((factor, token.map(str::to_owned))), "{json}");
        }
        for json in [
            r#"{"refresh_token":"a"}"#,
            r#"{"other":{},"refresh_token":"a"}"#,
            r#"{"code":{"code":5},"guest":null}"#,
            r#"{"refresh_token":"a","code":{"code":5},"refresh_token":"b"}"#,
            r#"["guest"]"#,
        ] {
            assert!(read::<Factor>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn the_token_is_taken_out_wherever_it_is() {
        let login = || Login { name: "ann".to_owned(), password: "right".to_owned() };
        for (json, token) in [
            (r#"{"name":"ann","password":"right"}"#, None),
            (r#"{"name":"ann","password":"right","refresh_token":null}"#, None),
            (r#"{"refresh_token":"a","name":"ann","password":"right"}"#, Some("a")),
            (r#"{"name":"ann","refresh\u005ftoken":"a","password":"right"}"#, Some("a")),
        ] {
            assert_eq!(read(json), Ok((login(), token.map(str::to_owned))), "{json}");
        }
    }

    #[test]
    fn errors_are_those_of_the_credentials() {
        for (json, expected) in [
            (r#"{"name":"ann","refresh_token":"a"}"#, "missing field `password`"),
            (r#"{"name":"ann","password":"right","other":1}"#, "unknown field `other`"),
            (r#"{"name":"ann","name":"ben","password":"right"}"#, "duplicate field `name`"),
            (r#"{"name":"ann","password":"right","refresh_token":5}"#, "invalid type: integer `5`"),
            (
                r#"{"name":"ann","password":"right","refresh_token":null,"refresh_token":"a"}"#,
                "duplicate field `refresh_token`",
            ),
            (r#"["ann","right"]"#, "invalid type: sequence, expected a JSON object"),
        ] {
            let error = read::<Login>(json).unwrap_err();
            assert!(error.starts_with(expected), "{json}: {error}");
        }
    }
}
