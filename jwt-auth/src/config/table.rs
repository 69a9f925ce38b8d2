//! The settings as written, each with its origin.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rocket::figment::value::{Dict, Value};
use rocket::figment::{Figment, Source, error::Kind};

use super::env;
use crate::error::StartupError;

const SECTION: &str = "jwt_auth";

/// Every setting, by name.
pub(super) struct Table {
    entries: BTreeMap<String, Entry>,
    known: Vec<&'static str>,
}

/// A setting as written.
pub(super) struct Entry {
    pub(super) value: Value,
    /// The text that an operator would search for: the setting and its file, or the name of a variable.
    name: String,
    /// The folder of its file, against which relative paths are resolved.
    pub(super) folder: Option<PathBuf>,
}

impl Table {
    pub(super) fn new(
        figment: &Figment,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StartupError> {
        let mut entries = BTreeMap::new();
        for setting in env::read(variable)? {
            let (name, value) = (format!("`{}`", setting.variable), Value::from(setting.value));
            entries.insert(setting.key.to_owned(), Entry { value, name, folder: None });
        }
        for (key, value) in section(figment)? {
            let metadata = figment.get_metadata(value.tag());
            let (place, folder) = match metadata.and_then(|metadata| metadata.source.as_ref()) {
                Some(Source::File(path)) => {
                    (format!(" in {}", path.display()), path.parent().map(PathBuf::from))
                }
                _ => (
                    metadata
                        .map(|metadata| format!(" in {}", metadata.name.replace('`', "")))
                        .unwrap_or_default(),
                    None,
                ),
            };
            let name = format!("`{SECTION}.{key}`{place}");
            entries.insert(key, Entry { value, name, folder });
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
        read(&entry)
            .map(Some)
            .map_err(|problem| StartupError::setting_at(entry.name, problem, &format!("{key} = {example}")))
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
            let name = outer.name.replacen("` ", &format!("{index}.{key}` "), 1);
            let name = match name == outer.name {
                false => name,
                true => format!("{}{index}.{key}`", outer.name.trim_end_matches('`')),
            };
            (key.clone(), Entry { value: value.clone(), name, folder: outer.folder.clone() })
        });
        Self { entries: entries.collect(), known: Vec::new() }
    }

    /// Removes these settings.
    pub(super) fn forget(&mut self, keys: &[&str]) {
        self.entries.retain(|key, _| !keys.contains(&key.as_str()));
    }

    /// Rejects settings that were not taken. Otherwise, a misspelled setting would silently leave its default in
    /// effect.
    pub(super) fn finish(self) -> Result<(), StartupError> {
        match self.entries.into_values().next() {
            None => Ok(()),
            Some(entry) => {
                Err(StartupError::UnknownSetting { name: entry.name, known: self.known.join(", ") })
            }
        }
    }
}

fn section(figment: &Figment) -> Result<Dict, StartupError> {
    let wrong = || StartupError::setting(SECTION, "must be a table", "[default.jwt_auth] in Rocket.toml");
    match figment.find_value(SECTION) {
        Ok(Value::Dict(_, dict)) => Ok(dict),
        Ok(_) => Err(wrong()),
        Err(error) if matches!(error.kind, Kind::MissingField(_)) => Ok(Dict::new()),
        Err(_) => Err(wrong()),
    }
}
