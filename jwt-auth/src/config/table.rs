//! The settings as written, each with its origin.

use std::collections::BTreeMap;
use std::path::Path;

use rocket::figment::value::{Dict, Value};
use rocket::figment::{Figment, error::Kind};

use super::env;
use super::origin::{Origin, VARIABLE};
use crate::error::StartupError;

/// The name of the table that contains all settings.
pub(super) const SECTION: &str = "jwt_auth";

/// Every setting, by name.
pub(super) struct Table {
    entries: BTreeMap<String, Entry>,
    known: Vec<&'static str>,
}

/// A setting as written.
pub(super) struct Entry {
    pub(super) value: Value,
    /// Its name, such as `keys[0].kid`.
    path: String,
    origin: Origin,
}

impl Entry {
    /// Returns the folder of its file, against which relative paths are resolved.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(file) => file.parent(),
            _ => None,
        }
    }

    fn name(&self) -> String {
        self.origin.name(&self.path)
    }
}

impl Table {
    pub(super) fn new(
        figment: &Figment,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StartupError> {
        let mut entries = BTreeMap::new();
        for setting in env::read(variable)? {
            let (path, origin) = (setting.key.to_owned(), Origin::Variable(setting.variable));
            entries.insert(path.clone(), Entry { value: Value::from(setting.value), path, origin });
        }
        for (path, value) in section(figment)? {
            let origin = Origin::of(figment, value.tag());
            entries.insert(path.clone(), Entry { value, path, origin });
        }
        Ok(Self { entries, known: Vec::new() })
    }

    /// Takes the setting `key`, if it is set, and parses it.
    pub(super) fn take<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&Entry) -> Result<T, String>,
    ) -> Result<Option<T>, StartupError> {
        self.known.push(key);
        let Some(entry) = self.entries.remove(key) else { return Ok(None) };
        read(&entry).map(Some).map_err(|problem| {
            let example = entry.origin.example(&entry.path, &format!("{key} = {example}"));
            StartupError::setting_at(entry.name(), problem, &example)
        })
    }

    /// Takes the setting `key`, a table.
    pub(super) fn take_table(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Result<Option<Self>, StartupError> {
        self.take(key, example, |entry| match &entry.value {
            Value::Dict(_, dict) => Ok(Self::inner(entry, "", dict)),
            _ => Err("must be a table".to_owned()),
        })
    }

    /// Takes the setting `key`, a table, or `false`, which is `None`.
    pub(super) fn take_table_or_false(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Result<Option<Option<Self>>, StartupError> {
        self.take(key, example, |entry| match &entry.value {
            Value::Dict(_, dict) => Ok(Some(Self::inner(entry, "", dict))),
            Value::Bool(_, false) => Ok(None),
            _ => Err("must be a table, or false".to_owned()),
        })
    }

    /// Takes the setting `key`, a list of tables.
    pub(super) fn take_tables(
        &mut self,
        key: &'static str,
        example: &str,
    ) -> Result<Vec<Self>, StartupError> {
        let tables = self.take(key, example, |entry| {
            let problem = "must be a list of tables";
            let Value::Array(_, values) = &entry.value else { return Err(problem.to_owned()) };
            let tables = values.iter().enumerate().map(|(number, value)| match value {
                Value::Dict(_, dict) => Ok(Self::inner(entry, &format!("[{number}]"), dict)),
                _ => Err(problem.to_owned()),
            });
            tables.collect()
        })?;
        Ok(tables.unwrap_or_default())
    }

    /// The table `dict` inside of an entry. `index` is its place there.
    fn inner(outer: &Entry, index: &str, dict: &Dict) -> Self {
        let entries = dict.iter().map(|(key, value)| {
            let path = format!("{}{index}.{key}", outer.path);
            (key.clone(), Entry { value: value.clone(), path, origin: outer.origin.clone() })
        });
        Self { entries: entries.collect(), known: Vec::new() }
    }

    /// Removes these settings.
    pub(super) fn forget(&mut self, keys: &[&str]) {
        self.entries.retain(|key, _| !keys.contains(&key.as_str()));
    }

    /// Adds where a setting was found to an error with the bare name of the setting.
    pub(super) fn locate(&self, error: StartupError) -> StartupError {
        let (name, problem, example) = match error {
            StartupError::Setting { name, problem, example } => (name, problem, example),
            StartupError::Store { what, source } => {
                let bare = "the setting `redis`";
                let found = self.entries.get("redis").map(Entry::name);
                let what = found.map_or(what.clone(), |name| what.replace(bare, &name));
                return StartupError::Store { what, source };
            }
            other => return other,
        };
        let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')).unwrap_or_default();
        let bare = bare.strip_prefix(SECTION).map_or(bare, |rest| rest.trim_start_matches('.'));
        let key = bare.split(['.', '[']).next().unwrap_or_default();
        match self.entries.get(key) {
            Some(Entry { origin, .. }) => {
                StartupError::setting_at(origin.name(bare), problem, &origin.example(bare, &example))
            }
            None => StartupError::Setting { name, problem, example },
        }
    }

    /// Rejects settings that were not taken. Otherwise, a misspelled setting would silently leave its default in
    /// effect.
    pub(super) fn finish(self) -> Result<(), StartupError> {
        match self.entries.iter().next() {
            None => Ok(()),
            Some((key, entry)) => Err(StartupError::UnknownSetting {
                name: entry.name(),
                suggestion: suggestion(key, &self.known),
                known: self.known.join(", "),
            }),
        }
    }
}

/// Returns the known name that is most similar to an unknown one, if any is similar enough.
pub(super) fn suggestion(unknown: &str, known: &[&'static str]) -> Option<&'static str> {
    const CLOSE: f64 = 0.85;

    let unknown = unknown.to_lowercase().replace('-', "_");
    let similar = known.iter().map(|known| (strsim::jaro_winkler(&unknown, known), *known));
    let best = similar
        .filter(|(likeness, _)| *likeness >= CLOSE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.map(|(_, known)| known)
}

fn section(figment: &Figment) -> Result<Dict, StartupError> {
    let wrong = || StartupError::setting(SECTION, "must be a table", "[default.jwt_auth] in Rocket.toml");
    match figment.find_value(SECTION) {
        Ok(Value::Dict(_, dict)) => Ok(dict),
        Ok(other) if matches!(Origin::of(figment, other.tag()), Origin::Section) => {
            Err(StartupError::setting(
                VARIABLE,
                "must have the form {key=value, key=value}. JSON is not accepted. For a PEM key, set `private_key` to the path of its \
             file",
                &format!("{VARIABLE}='{{access_ttl=\"15m\", private_key=\"/run/secrets/jwt.pem\"}}'"),
            ))
        }
        Ok(_) => Err(wrong()),
        Err(error) if matches!(error.kind, Kind::MissingField(_)) => Ok(Dict::new()),
        Err(_) => Err(wrong()),
    }
}
