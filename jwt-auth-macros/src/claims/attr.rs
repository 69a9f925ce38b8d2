//! The attribute `#[claims(…)]`.

use syn::{Attribute, Ident, LitStr, Meta, Type};

use super::path::FieldPath;
use super::version::Version;
use crate::diag::Diag;
use crate::meta::{self, Entry, Value};

/// The contents of an item's attributes.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) subject: Option<Mark>,
    pub(crate) roles: Option<Mark>,
    pub(crate) scope: Option<Mark>,
    pub(crate) role_type: Option<(Ident, Type)>,
    pub(crate) version: Version,
    pub(crate) issuer: Option<LitStr>,
    pub(crate) audience: Option<LitStr>,
}

pub(crate) struct Mark {
    pub(crate) key: Ident,
    /// The path to nested data, for an attribute of the struct.
    pub(crate) path: Option<FieldPath>,
}

/// The item that an attribute belongs to.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Struct,
    Field,
    Enum,
    /// A variant of an enum, or its field.
    Variant,
}

impl Marks {
    pub(crate) fn read(attrs: &[Attribute], place: Place, diag: &mut Diag) -> Self {
        let mut marks = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("claims")) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    for entry in meta::entries(list.tokens.clone(), diag) {
                        marks.add(entry, place, diag);
                    }
                }
                meta => diag.error(meta, empty(place)),
            }
        }
        marks
    }

    fn add(&mut self, entry: Entry, place: Place, diag: &mut Diag) {
        let (slot, path) = match (entry.key.to_string().as_str(), place) {
            ("subject", Place::Struct) => (&mut self.subject, subject_path(&entry, diag)),
            ("roles", Place::Struct) => (&mut self.roles, view_path(&entry, diag)),
            ("scope", Place::Struct) => (&mut self.scope, view_path(&entry, diag)),
            ("subject", Place::Field) => (&mut self.subject, no_value(&entry, diag)),
            ("roles", Place::Field) => (&mut self.roles, no_value(&entry, diag)),
            ("scope", Place::Field) => (&mut self.scope, no_value(&entry, diag)),
            ("roles", Place::Enum) => (&mut self.roles, no_value(&entry, diag)),
            ("scope", Place::Enum) => (&mut self.scope, no_value(&entry, diag)),
            ("role_type", Place::Struct) => return self.add_role_type(entry, diag),
            ("issuer", Place::Struct) => return text(&mut self.issuer, entry, diag),
            ("audience", Place::Struct) => return text(&mut self.audience, entry, diag),
            ("subject" | "version" | "upgrade" | "issuer" | "audience" | "role_type", Place::Enum)
            | (
                "subject" | "version" | "upgrade" | "issuer" | "audience" | "role_type" | "roles" | "scope",
                Place::Variant,
            ) => {
                let key = entry.key;
                return diag.error(
                    &key,
                    format!("`{key}` belongs on a claims struct: move it to the struct inside the variant"),
                );
            }
            ("version", Place::Struct) => return self.version.add_number(entry, diag),
            ("upgrade", Place::Struct) => return self.version.add_upgrades(entry, diag),
            ("version" | "upgrade" | "issuer" | "audience" | "role_type", Place::Field) => {
                let key = entry.key;
                return diag.error(
                    &key,
                    format!("`{key}` applies to the whole struct: put {} above the struct", example(&key)),
                );
            }
            _ => return diag.error(&entry.key, unknown(&entry.key, place)),
        };
        if slot.is_some() {
            let key = entry.key;
            return diag.duplicate(&key, &key);
        }
        *slot = Some(Mark { key: entry.key, path });
    }

    /// Reads the type in `role_type = Role`.
    fn add_role_type(&mut self, Entry { key, value }: Entry, diag: &mut Diag) {
        let ty = match &value {
            Value::Equals(ty) => syn::parse2::<Type>(ty.clone()).ok(),
            _ => None,
        };
        let message = || format!("`{key}` must be the type of a role: write {}", example(&key));
        match (ty, &value) {
            _ if self.role_type.is_some() => diag.duplicate(&key, &key),
            (Some(ty), _) => self.role_type = Some((key, ty)),
            (None, Value::Equals(other)) if !other.is_empty() => diag.error(other, message()),
            (None, _) => diag.error(&key, message()),
        }
    }
}

/// Reads the text in `key = "…"`.
fn text(slot: &mut Option<LitStr>, Entry { key, value }: Entry, diag: &mut Diag) {
    let text = match &value {
        Value::Equals(text) => {
            syn::parse2::<LitStr>(text.clone()).ok().filter(|text| !text.value().is_empty())
        }
        _ => None,
    };
    let message = format!("`{key}` must be a non-empty string: write {}", example(&key));
    match (text, value) {
        _ if slot.is_some() => diag.duplicate(&key, &key),
        (Some(text), _) => *slot = Some(text),
        (None, Value::Equals(other)) if !other.is_empty() => diag.error(other, message),
        (None, _) => diag.error(key, message),
    }
}

/// Rejects a value.
fn no_value(Entry { key, value }: &Entry, diag: &mut Diag) -> Option<FieldPath> {
    let (Value::Equals(value) | Value::List(value)) = value else { return None };
    let message = format!(
        "`{key}` takes no value here: write `#[claims({key})]`, or put `#[claims({key} = …)]` above the struct if the \
         {key} {} nested",
        match *key == "roles" {
            true => "are",
            false => "is",
        }
    );
    match value.is_empty() {
        true => diag.error(key, message),
        false => diag.error(value, message),
    }
    None
}

/// Reads the path in `subject = user.id`.
fn subject_path(Entry { key, value }: &Entry, diag: &mut Diag) -> Option<FieldPath> {
    const EXPECTED: &str = "expected field names separated by dots: write `#[claims(subject = user.id)]`";
    match value {
        Value::Equals(path) if !path.is_empty() => match FieldPath::parse(path.clone()) {
            Ok(path) => match path.key() {
                None => return Some(path),
                Some(key) => diag.error(key, EXPECTED),
            },
            Err(_) => diag.error(path, EXPECTED),
        },
        _ => diag.error(
            key,
            "`subject` on the struct needs the path to a field: write `#[claims(subject = user.id)]`, \
             or put `#[claims(subject)]` above a field",
        ),
    }
    None
}

/// Reads the path in `roles = realm_access.roles`.
fn view_path(Entry { key, value }: &Entry, diag: &mut Diag) -> Option<FieldPath> {
    match value {
        Value::Equals(path) if !path.is_empty() => match FieldPath::parse(path.clone()) {
            Ok(path) => return Some(path),
            Err(error) => match syn::parse2::<LitStr>(path.clone()) {
                Ok(text) if text.parse().is_ok_and(|path| FieldPath::parse(path).is_ok()) => {
                    diag.error(path, format!("expected a path without quotes: write `{key} = {}`", text.value()));
                }
                Ok(_) => diag.error(
                    path,
                    format!(
                        "expected field names separated by dots. For a claim whose name is not an identifier, put \
                         `#[claims({key})]` and `#[serde(rename = {path})]` above its field"
                    ),
                ),
                Err(_) => diag.push(error),
            },
        },
        _ => diag.error(
            key,
            format!(
                "`{key}` on the struct needs the path to a field: write {}, or put `#[claims({key})]` above a field",
                example(key)
            ),
        ),
    }
    None
}

/// The message for a key that does not exist.
fn unknown(key: &Ident, place: Place) -> String {
    let (known, takes): (&[_], _) = match place {
        Place::Struct => (
            &["subject", "roles", "role_type", "scope", "version", "upgrade", "issuer", "audience"],
            "a struct takes `subject = user.id`, `roles = realm_access.roles`, `role_type = Role`, `scope = grant.scope`, \
             `version = 2`, `upgrade(1 = from_v1)`, `issuer = \"…\"` and `audience = \"…\"`",
        ),
        Place::Enum => (&["roles", "scope"], "an enum takes `roles` and `scope`"),
        Place::Variant => (&[], "a variant takes no keys"),
        Place::Field => (&["subject", "roles", "scope"], "a field takes `subject`, `roles` and `scope`"),
    };
    match meta::suggestion(&key.to_string(), known) {
        Some(meant) => format!("unknown key `{key}`: did you mean `{meant}`?"),
        None => format!("unknown key `{key}`: {takes}"),
    }
}

/// The message for an attribute without keys.
fn empty(place: Place) -> &'static str {
    match place {
        Place::Struct => "`#[claims]` needs a key: write `#[claims(subject = user.id)]`, or remove it",
        Place::Enum => {
            "`#[claims]` needs a key: write `#[claims(roles)]` or `#[claims(scope)]`, or remove it"
        }
        Place::Variant => "`#[claims]` has no effect on a variant: remove it",
        Place::Field => {
            "`#[claims]` needs a key: write `#[claims(subject)]`, `#[claims(roles)]` or `#[claims(scope)]`, \
             or remove it"
        }
    }
}

/// Returns an example of an attribute with this key.
fn example(key: &Ident) -> &'static str {
    match key.to_string().as_str() {
        "audience" => "`#[claims(audience = \"devices\")]`",
        "roles" => "`#[claims(roles = realm_access.roles)]`",
        "role_type" => "`#[claims(roles = realm_access.roles, role_type = Role)]`",
        "scope" => "`#[claims(scope = grant.scope)]`",
        "issuer" => "`#[claims(issuer = \"https://partner.example\", audience = \"api\")]`",
        _ => "`#[claims(version = 2, upgrade(1 = from_v1))]`",
    }
}
