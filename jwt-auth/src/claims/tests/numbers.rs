//! Large numbers and dates.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Large {
    id: u128,
    offset: i128,
}

impl Claims for Large {
    const SUBJECT_FIELD: Option<&'static str> = Some("id");

    fn subject(&self) -> String {
        self.id.to_string()
    }
}

#[test]
fn numbers_can_have_128_bits() {
    for id in [0, u128::from(u64::MAX), u128::from(u64::MAX) + 1, u128::MAX] {
        let large = Large { id, offset: i128::MIN };
        let payload = payload(&large);
        assert!(payload.contains(&format!(r#""sub":"{id}""#)), "{payload}");
        assert_eq!(reads(&payload), Ok(large));
    }
}

#[test]
fn dates_can_have_fractions() {
    let payload = r#"{"sub":"5","name":"ann","iat":100.7,"exp":1.5e3,"nbf":100.2,"auth_time":99.9,"jti":"00000000-0000-0000-0000-000000000abc"}"#;
    let decoded = User::CODEC.read(&Payload::new(payload, Dialect::Own), 0).unwrap();
    let dates = [
        decoded.registered.iat,
        decoded.registered.exp,
        decoded.registered.nbf,
        decoded.registered.auth_time,
    ];
    assert_eq!(dates.map(|date| date.unwrap().0), [100, 1500, 101, 99]);
    let theirs = User::CODEC.read(&Payload::new(payload, Dialect::TrustedIssuer), 0).unwrap();
    assert_eq!(theirs.registered.iat.unwrap().0, 100);
    for date in
        [r#""100""#, "-1", "-0.5", "1e300", "null", "[1]", r#"{"$serde_json::private::Number":"100"}"#]
    {
        let payload = format!(r#"{{"sub":"5","name":"ann","iat":{date}}}"#);
        assert!(reads::<User>(&payload).is_err(), "{date}");
    }
}

/// Returns a number only if it is requested by type, as serde_json does with its feature `arbitrary_precision`.
struct ByType(f64);

impl<'de> serde::Deserializer<'de> for ByType {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let number = std::iter::once(("$serde_json::private::Number", self.0.to_string()));
        visitor.visit_map(serde::de::value::MapDeserializer::new(number))
    }

    fn deserialize_f64<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_f64(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn dates_are_read_with_numbers_of_arbitrary_precision() {
    assert_eq!(NumericDate::deserialize(ByType(100.7)), Ok(NumericDate(100)));
}
