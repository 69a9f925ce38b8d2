//! `version = 2, upgrade(1 = from_v1)`: structs that change between releases of an app.

use proc_macro2::TokenTree;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, LitInt, Path, Result, Token};

use crate::diag::Diag;
use crate::meta::{self, Entry, Value};

/// The version of a struct, and the upgrades from earlier versions.
#[derive(Default)]
pub(crate) struct Version {
    pub(crate) number: Option<(Ident, LitInt)>,
    pub(crate) upgrades: Option<(Ident, Vec<Upgrade>)>,
}

/// `1 = from_v1`
pub(crate) struct Upgrade {
    pub(crate) from: LitInt,
    pub(crate) by: Path,
}

impl Parse for Upgrade {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let from = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { from, by: input.call(Path::parse_mod_style)? })
    }
}

impl Version {
    pub(crate) fn add_number(&mut self, entry: Entry, diag: &mut Diag) {
        let Entry { key, value } = entry;
        let number = match &value {
            Value::Equals(number) => syn::parse2::<LitInt>(number.clone()).ok(),
            _ => None,
        };
        match (number, value) {
            _ if self.number.is_some() => diag.duplicate(&key, &key),
            (Some(number), _) if value_of(&number).is_some_and(|n| n > 0) => self.number = Some((key, number)),
            (Some(number), _) => diag.error(
                number,
                "versions start at 1, which is also the version of a token without one: write `version = 2` when \
                 the struct changes for the first time",
            ),
            (None, Value::Equals(other)) if !other.is_empty() => diag.error(other, NUMBER),
            (None, _) => diag.error(key, NUMBER),
        }
    }

    pub(crate) fn add_upgrades(&mut self, entry: Entry, diag: &mut Diag) {
        let Entry { key, value } = entry;
        let Value::List(tokens) = value else { return diag.error(key, UPGRADE) };
        if tokens.is_empty() {
            return diag.error(key, UPGRADE);
        }
        if self.upgrades.is_some() {
            return diag.duplicate(&key, &key);
        }
        let mut upgrades = Vec::new();
        meta::comma_separated(tokens, diag, |input, _| {
            let start = input.fork();
            let upgrade = input.parse().map_err(|_| match start.parse::<TokenTree>() {
                Ok(token) => Error::new_spanned(token, UPGRADE),
                Err(_) => Error::new_spanned(&key, UPGRADE),
            });
            upgrades.push(upgrade?);
            Ok(())
        });
        self.upgrades = Some((key, upgrades));
    }

    /// Checks the rules that involve both keys.
    pub(crate) fn check(&self, diag: &mut Diag) {
        let Some((key, upgrades)) = &self.upgrades else { return };
        let Some((_, number)) = &self.number else {
            return diag.error(
                key,
                "`upgrade` needs a `version`: write `#[claims(version = 2, upgrade(1 = from_v1))]`",
            );
        };
        for (i, Upgrade { from, .. }) in upgrades.iter().enumerate() {
            if value_of(from).is_none_or(|from| from == 0 || Some(from) >= value_of(number)) {
                diag.error(
                    from,
                    format!(
                        "the struct has version {number}, so an upgrade must be from an earlier one, 1 or higher: \
                         correct the number, or remove the upgrade"
                    ),
                );
            } else if upgrades[..i].iter().any(|other| value_of(&other.from) == value_of(from)) {
                diag.error(from, format!("duplicate upgrade from version {from}: remove one of the two"));
            }
        }
    }

    /// Returns whether tokens carry the version, as `ver`.
    pub(crate) fn is_set(&self) -> bool {
        self.number.is_some()
    }
}

fn value_of(number: &LitInt) -> Option<u32> {
    number.base10_parse().ok()
}

const NUMBER: &str = "`version` must be a number: write `#[claims(version = 2, upgrade(1 = from_v1))]`";

const UPGRADE: &str = "`upgrade` takes earlier versions, each with the function that converts its struct: write \
                       `upgrade(1 = from_v1)`";
