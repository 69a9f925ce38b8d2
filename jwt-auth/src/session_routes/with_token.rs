//! The credentials of a user together with a refresh token, as JSON or as a form.

use std::borrow::Cow;
use std::marker::PhantomData;

use rocket::async_trait;
use rocket::form::{self, DataField, FromForm, Options, ValueField};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
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

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
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
        self.visitor.visit_map(RestMap { map, token: self.token, lifetime: PhantomData })
    }
}

struct RestMap<'t, 'de, A> {
    map: A,
    token: &'t mut Option<String>,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for RestMap<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<Cow<'de, str>>()? {
            if name != REFRESH_TOKEN {
                return seed.deserialize(name.into_deserializer()).map(Some);
            }
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
        Parsing { credentials: C::init(options), token: None }
    }

    fn push_value(parsing: &mut Parsing<'f, C>, field: ValueField<'f>) {
        match field.name.source().as_str() {
            REFRESH_TOKEN => parsing.token = Some(field.value.to_owned()),
            _ => C::push_value(&mut parsing.credentials, field),
        }
    }

    async fn push_data(parsing: &mut Parsing<'f, C>, field: DataField<'f, '_>) {
        C::push_data(&mut parsing.credentials, field).await;
    }

    fn finalize(parsing: Parsing<'f, C>) -> form::Result<'f, Self> {
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

    fn read(json: &str) -> Result<(Login, Option<String>), String> {
        let body: WithToken<Login> = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Ok((body.credentials, body.token))
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
            (r#"["ann","right"]"#, "invalid type: sequence, expected a JSON object"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.starts_with(expected), "{json}: {error}");
        }
    }
}
