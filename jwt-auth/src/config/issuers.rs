//! The setting `issuers`: whose tokens count beside the app's own, and by which keys.

use super::keys::{KeySetting, Material, Written, take_keys};
use super::table::Table;
use super::value;
use crate::error::StartupError;

/// Somebody else who issues tokens.
pub(crate) struct IssuerSettings {
    /// What stands before the names of its settings.
    place: String,
    /// Its `iss`.
    pub(crate) issuer: String,
    /// Of these, one must be named, unless a claims type names another.
    pub(crate) audience: Vec<String>,
    /// The claim that names it.
    pub(crate) audience_claim: String,
    pub(crate) keys: Vec<KeySetting>,
}

const EXAMPLE: &str = "{ issuer = \"https://partner.example\", audience = \"api\", algorithm = \"ES256\", public_key = \"partner.pem\" }";

impl IssuerSettings {
    /// Takes the setting out. `own` is the issuer that the app is itself.
    pub(super) fn take(table: &mut Table, own: Option<&str>) -> Result<Vec<Self>, StartupError> {
        let tables = table.take_tables("issuers", &format!("[{EXAMPLE}]"))?;
        let mut issuers: Vec<Self> = Vec::new();
        for (number, table) in tables.into_iter().enumerate() {
            let issuer = Self::read(table, format!("issuers[{number}]."))?;
            let is_taken = issuers.iter().any(|other| other.issuer == issuer.issuer);
            if is_taken || own == Some(&issuer.issuer) {
                let problem = match is_taken {
                    true => "is there twice: put its keys into one table, `keys = […]`",
                    false => "is the app itself, by the setting `issuer`: put its keys into `keys`",
                };
                return Err(StartupError::setting(&issuer.name("issuer"), problem, EXAMPLE));
            }
            issuers.push(issuer);
        }
        Ok(issuers)
    }

    fn read(mut table: Table, place: String) -> Result<Self, StartupError> {
        let issuer = table.take("issuer", "\"https://partner.example\"", value::text)?;
        let audience = table.take("audience", "\"api\"", value::texts)?.unwrap_or_default();
        let audience_claim = table.take("audience_claim", "\"client_id\"", value::text)?;
        let written = Written::take(&mut table)?;
        let keys = take_keys(&mut table, &place, written)?;
        table.finish()?;
        let wrong = |name: &str, problem: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, EXAMPLE))
        };
        let Some(issuer) = issuer else {
            return wrong("issuer", "is not set: it is what `iss` must be in the tokens");
        };
        if keys.is_empty() {
            return wrong("public_key", "is not set, nor is there another key: nothing could be verified");
        }
        let signs = keys.iter().find(|key| matches!(key.material, Material::Pem { private: Some(_), .. }));
        if let Some(key) = signs {
            let problem = "is the key of another issuer, whose tokens are only verified: set `public_key`";
            return Err(key.wrong("private_key", problem, EXAMPLE));
        }
        let audience_claim = audience_claim.unwrap_or_else(|| "aud".to_owned());
        Ok(Self { place, issuer, audience, audience_claim, keys })
    }

    /// One of its settings, by its whole name.
    pub(crate) fn name(&self, setting: &str) -> String {
        format!("{}{setting}", self.place)
    }
}
