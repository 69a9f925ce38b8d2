//! The names that serde gives to the fields of a struct in a token.

use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Meta};

use crate::diag::Diag;
use crate::meta::{self, Entry, Value};

/// The `#[serde(…)]` attributes of an item. Serde reports the errors in them.
pub(crate) struct Serde(Vec<Entry>);

/// The name of a field when it is serialized, and when it is deserialized.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    pub(crate) serialize: String,
    pub(crate) deserialize: String,
}

impl Serde {
    pub(crate) fn read(attrs: &[Attribute]) -> Self {
        let mut ignored = Diag::default();
        let lists = attrs.iter().filter(|attr| attr.path().is_ident("serde")).map(|attr| &attr.meta);
        let entries = lists
            .filter_map(|meta| match meta {
                Meta::List(list) => Some(meta::entries(list.tokens.clone(), &mut ignored)),
                _ => None,
            })
            .flatten()
            .collect();
        let _ = ignored.finish();
        Self(entries)
    }

    /// Finds a key.
    pub(crate) fn key(&self, key: &str) -> Option<&Ident> {
        self.0.iter().map(|entry| &entry.key).find(|found| *found == key)
    }

    /// Finds the string in `key = "…"`.
    pub(crate) fn text(&self, key: &str) -> Option<LitStr> {
        self.0.iter().filter(|entry| entry.key == key).find_map(|entry| literal(&entry.value))
    }

    /// The names of a field with these attributes, in the struct with the attributes `self`.
    pub(crate) fn names_of(&self, field: &Ident, attrs: &Serde) -> Names {
        let own = field.unraw().to_string();
        let (write, read) = self.pair("rename_all");
        let Names { serialize, deserialize } =
            Names { serialize: apply(write, &own), deserialize: apply(read, &own) };
        let (write, read) = attrs.pair("rename");
        Names { serialize: write.unwrap_or(serialize), deserialize: read.unwrap_or(deserialize) }
    }

    /// `key = "…"`, or `key(serialize = "…", deserialize = "…")`.
    fn pair(&self, key: &str) -> (Option<String>, Option<String>) {
        let (mut write, mut read) = (None, None);
        for entry in self.0.iter().filter(|entry| entry.key == key) {
            if let Some(both) = literal(&entry.value) {
                (write, read) = (Some(both.value()), Some(both.value()));
            } else if let Value::List(list) = &entry.value {
                let mut ignored = Diag::default();
                for half in meta::entries(list.clone(), &mut ignored) {
                    let name = literal(&half.value).map(|name| name.value());
                    match half.key.to_string().as_str() {
                        "serialize" => write = name,
                        "deserialize" => read = name,
                        _ => {}
                    }
                }
                let _ = ignored.finish();
            }
        }
        (write, read)
    }
}

fn literal(value: &Value) -> Option<LitStr> {
    match value {
        Value::Equals(value) => syn::parse2(value.clone()).ok(),
        _ => None,
    }
}

/// Applies one of serde's `rename_all` rules to a field's name.
fn apply(rule: Option<String>, field: &str) -> String {
    let pascal = || field.split('_').map(capitalized).collect::<String>();
    match rule.as_deref() {
        Some("UPPERCASE" | "SCREAMING_SNAKE_CASE") => field.to_ascii_uppercase(),
        Some("PascalCase") => pascal(),
        Some("camelCase") => {
            let pascal = pascal();
            let mut chars = pascal.chars();
            chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
        }
        Some("kebab-case") => field.replace('_', "-"),
        Some("SCREAMING-KEBAB-CASE") => field.to_ascii_uppercase().replace('_', "-"),
        _ => field.to_owned(),
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn rename_all_rules() {
        for (rule, name) in [
            ("lowercase", "user_id"),
            ("UPPERCASE", "USER_ID"),
            ("PascalCase", "UserId"),
            ("camelCase", "userId"),
            ("snake_case", "user_id"),
            ("SCREAMING_SNAKE_CASE", "USER_ID"),
            ("kebab-case", "user-id"),
            ("SCREAMING-KEBAB-CASE", "USER-ID"),
        ] {
            assert_eq!(apply(Some(rule.to_owned()), "user_id"), name, "{rule}");
        }
    }

    #[test]
    fn names_of_fields() {
        let names = |all: Attribute, one: Attribute| {
            let Names { serialize, deserialize } =
                Serde::read(&[all]).names_of(&parse_quote!(user_id), &Serde::read(&[one]));
            (serialize, deserialize)
        };
        let pair = |write: &str, read: &str| (write.to_owned(), read.to_owned());
        assert_eq!(
            names(parse_quote!(#[doc = ""]), parse_quote!(#[serde(default)])),
            pair("user_id", "user_id")
        );
        assert_eq!(
            names(parse_quote!(#[serde(rename_all = "camelCase")]), parse_quote!(#[serde(default)])),
            pair("userId", "userId")
        );
        assert_eq!(
            names(
                parse_quote!(#[serde(rename_all(serialize = "camelCase"))]),
                parse_quote!(#[serde(rename(deserialize = "uid"))])
            ),
            pair("userId", "uid")
        );
        assert_eq!(
            names(
                parse_quote!(#[serde(rename_all = "camelCase")]),
                parse_quote!(#[serde(default, rename = "id")])
            ),
            pair("id", "id")
        );
    }
}
