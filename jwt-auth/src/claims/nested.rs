//! Reads nested data, for attributes such as `#[claims(roles = realm_access.roles)]`.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use super::traits::{RolesValue, ScopeValue};

/// A value on the way to nested data.
pub struct Nested<'a, T>(pub &'a T);

impl<'a, T> Nested<'a, Option<T>> {
    /// Returns the value in the `Option`. Method calls prefer this function to [`NestedValue::__value`].
    pub fn __value(self) -> Option<&'a T> {
        self.0.as_ref()
    }
}

/// A value that is always present. The name of its method is not that of a method in a trait of the app.
pub trait NestedValue<'a, T> {
    /// Returns the value.
    fn __value(self) -> Option<&'a T>;
}

impl<'a, T> NestedValue<'a, T> for Nested<'a, T> {
    fn __value(self) -> Option<&'a T> {
        Some(self.0)
    }
}

/// A map on the way to nested data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a map",
    label = "a key in brackets needs a `HashMap<String, _>` or a `BTreeMap<String, _>`"
)]
pub trait NestedMap {
    /// The type of the values.
    type Value;

    /// Returns the value of a key.
    fn get(&self, key: &str) -> Option<&Self::Value>;
}

impl<V, S: BuildHasher> NestedMap for HashMap<String, V, S> {
    type Value = V;

    fn get(&self, key: &str) -> Option<&V> {
        Self::get(self, key)
    }
}

impl<V> NestedMap for BTreeMap<String, V> {
    type Value = V;

    fn get(&self, key: &str) -> Option<&V> {
        Self::get(self, key)
    }
}

/// Returns the roles in a value that may be absent.
pub fn nested_roles<R: 'static, T: RolesValue<R>>(value: Option<&T>) -> impl Iterator<Item = &R> {
    value.into_iter().flat_map(T::roles)
}

/// Returns the scopes in a value that may be absent.
pub fn nested_scopes<T: ScopeValue>(value: Option<&T>) -> impl Iterator<Item = &str> {
    value.into_iter().flat_map(T::scopes)
}
