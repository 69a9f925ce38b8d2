//! The subject as the app's type reads it: a string in the token, and a value of any type in the struct.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

/// Deserializes the text of `sub`, either as text or as a value that is parsed from it. Only the canonical spelling is
/// accepted: the text that the value displays as. Otherwise, two different texts could mean the same subject.
pub(super) struct SubjectText<'de, E> {
    text: Cow<'de, str>,
    error: PhantomData<E>,
}

impl<'de, E> SubjectText<'de, E> {
    pub(super) fn new(text: Cow<'de, str>) -> Self {
        Self { text, error: PhantomData }
    }
}

macro_rules! parse {
    ($($method:ident => $visit:ident($type:ty)),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            match self.text.parse::<$type>() {
                Ok(value) if value.to_string() == self.text => visitor.$visit(value),
                _ => Err(E::invalid_value(Unexpected::Str(&self.text), &visitor)),
            }
        }
    )*};
}

impl<'de, E: Error> Deserializer<'de> for SubjectText<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    parse! {
        deserialize_u8 => visit_u8(u8),
        deserialize_u16 => visit_u16(u16),
        deserialize_u32 => visit_u32(u32),
        deserialize_u64 => visit_u64(u64),
        deserialize_u128 => visit_u128(u128),
        deserialize_i8 => visit_i8(i8),
        deserialize_i16 => visit_i16(i16),
        deserialize_i32 => visit_i32(i32),
        deserialize_i64 => visit_i64(i64),
        deserialize_i128 => visit_i128(i128),
        deserialize_bool => visit_bool(bool),
        deserialize_char => visit_char(char),
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(serde::de::IntoDeserializer::into_deserializer(self.text))
    }

    forward_to_deserialize_any! {
        f32 f64 str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
