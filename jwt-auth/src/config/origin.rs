//! Where a setting was found, so that an error names what the operator has written.

use std::path::PathBuf;

use rocket::figment::value::Tag;
use rocket::figment::{Figment, Source};

use super::table::SECTION;

/// Where a setting was found.
#[derive(Clone)]
pub(super) enum Origin {
    /// In a variable of its own, such as `REDIS_URL`.
    Variable(&'static str),
    /// In the variable `ROCKET_JWT_AUTH`, which contains all settings.
    Section,
    File(PathBuf),
    /// In another provider of Rocket's configuration.
    Provider(String),
}

/// The variable that contains all settings.
pub(super) const VARIABLE: &str = "ROCKET_JWT_AUTH";

impl Origin {
    pub(super) fn of(figment: &Figment, tag: Tag) -> Self {
        let Some(metadata) = figment.get_metadata(tag) else { return Self::Provider(String::new()) };
        match &metadata.source {
            Some(Source::File(path)) => Self::File(path.clone()),
            _ if metadata.name.starts_with("`ROCKET_`") => Self::Section,
            // The name of a Rust type.
            _ if metadata.name.contains("::") => Self::Provider("the code of the app".to_owned()),
            _ => Self::Provider(metadata.name.replace('`', "")),
        }
    }

    /// Returns the text that an operator would search for. `path` is the name of the setting, such as `keys[0].kid`.
    pub(super) fn name(&self, path: &str) -> String {
        match self {
            Self::Variable(variable) => format!("`{variable}`"),
            Self::Section => format!("`{SECTION}.{path}` in {VARIABLE}"),
            Self::File(file) => format!("`{SECTION}.{path}` in {}", file.display()),
            Self::Provider(name) if name.is_empty() => format!("`{SECTION}.{path}`"),
            Self::Provider(name) => format!("`{SECTION}.{path}` in {name}"),
        }
    }

    /// Returns an example for the setting `path` in the form that the place needs. It is given as `key = value`, as in a
    /// file.
    pub(super) fn example(&self, path: &str, example: &str) -> String {
        let is_key = |key: &str| key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let Some((key, value)) = example.split_once(" = ").filter(|(key, _)| is_key(key)) else {
            return example.to_owned();
        };
        let is_nested = path.contains(['.', '[']);
        match self {
            // These contain a number without a unit.
            Self::Variable(variable) if variable.ends_with("_MINUTES") => {
                let length = humantime::parse_duration(value.trim_matches('"')).unwrap_or_default();
                format!("{variable}={}", length.as_secs().div_ceil(60).max(1))
            }
            Self::Variable("REDIS_HOST") => "REDIS_HOST=127.0.0.1".to_owned(),
            Self::Variable(variable) => format!("{variable}={}", value.replace('"', "")),
            // The whole list or table must be written again.
            Self::Section if is_nested => example.to_owned(),
            Self::Section => format!("{VARIABLE}='{{{key}={}}}'", value.replace(" = ", "=")),
            Self::File(_) | Self::Provider(_) => example.to_owned(),
        }
    }
}
