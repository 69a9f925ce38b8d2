//! Serialization of claims types.

use serde::de::DeserializeOwned;
use serde::{Deserializer, Serialize, Serializer};

/// Data that serde can serialize and deserialize. Every such type implements this trait.
///
/// Serde's traits are not supertraits, so a type that lacks both causes one compiler error instead of two.
#[diagnostic::on_unimplemented(
    message = "serde cannot serialize and deserialize `{Self}`",
    label = "claims need serde's `Serialize` and `Deserialize`",
    note = "write `#[derive(Claims, Serialize, Deserialize)]`, with `use serde::{{Deserialize, Serialize}};`"
)]
pub trait ClaimsData: Sized {
    #[doc(hidden)]
    fn __serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    #[doc(hidden)]
    fn __deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> ClaimsData for T {
    fn __serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    fn __deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// Returns claims as JSON.
pub(crate) fn to_json<C: ClaimsData>(claims: &C) -> Result<String, serde_json::Error> {
    struct Data<'a, C>(&'a C);

    impl<C: ClaimsData> Serialize for Data<'_, C> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.__serialize(serializer)
        }
    }

    serde_json::to_string(&Data(claims))
}
