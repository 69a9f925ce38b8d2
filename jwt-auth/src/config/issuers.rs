//! The setting `issuers`: whose tokens count beside the app's own, and by which keys.

#[cfg(feature = "remote")]
use std::time::Duration;

#[cfg(feature = "remote")]
use jsonwebtoken::Algorithm;
#[cfg(feature = "remote")]
use reqwest::Url;

use super::keys::{KeySetting, Material, take_keys};
use super::table::Table;
use super::value;
use super::written::Written;
#[cfg(feature = "remote")]
use super::written::refuse_any;
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
    /// Where it publishes them.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<RemoteSettings>,
}

/// Where keys are fetched, and how.
#[cfg(feature = "remote")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RemoteSettings {
    pub(crate) source: RemoteSource,
    /// The one that all of them are for, if somebody says so.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) allow_http: bool,
    /// How long names that are not known cause no other fetch.
    pub(crate) cooldown: Duration,
}

/// Where an issuer publishes its keys.
#[cfg(feature = "remote")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RemoteSource {
    /// A document of this URL says where.
    Discovery(Url),
    /// Here.
    JwkSet(Url),
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
        #[cfg(feature = "remote")]
        let said = written.algorithm;
        let keys = take_keys(&mut table, &place, written)?;
        #[cfg(feature = "remote")]
        let remote = RemoteSettings::take(&mut table, &place, issuer.as_deref(), &keys, said)?;
        #[cfg(feature = "remote")]
        let is_fetched = remote.is_some();
        #[cfg(not(feature = "remote"))]
        let is_fetched = without_feature(&mut table, &place)?;
        table.finish()?;
        let wrong = |name: &str, problem: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, EXAMPLE))
        };
        let Some(issuer) = issuer else {
            return wrong("issuer", "is not set: it is what `iss` must be in the tokens");
        };
        if keys.is_empty() && !is_fetched {
            let problem = "is not set, nor is there another key: nothing could be verified. To have them fetched from \
                           the issuer, turn on the feature `remote` of jwt-auth";
            return wrong("public_key", problem);
        }
        let signs = keys.iter().find(|key| matches!(key.material, Material::Pem { private: Some(_), .. }));
        if let Some(key) = signs {
            let problem = "is the key of another issuer, whose tokens are only verified: set `public_key`";
            return Err(key.wrong("private_key", problem, EXAMPLE));
        }
        let audience_claim = audience_claim.unwrap_or_else(|| "aud".to_owned());
        Ok(Self {
            place,
            issuer,
            audience,
            audience_claim,
            keys,
            #[cfg(feature = "remote")]
            remote,
        })
    }

    /// As if nothing had been said of its keys.
    pub(super) fn forget_keys(&mut self) {
        self.keys.clear();
        #[cfg(feature = "remote")]
        {
            self.remote = None;
        }
    }

    /// Whether its keys come from elsewhere than the settings.
    pub(crate) fn is_remote(&self) -> bool {
        #[cfg(feature = "remote")]
        return self.remote.is_some();
        #[cfg(not(feature = "remote"))]
        false
    }

    /// One of its settings, by its whole name.
    pub(crate) fn name(&self, setting: &str) -> String {
        format!("{}{setting}", self.place)
    }
}

/// Without the feature nothing is fetched: says so to whoever means it to be.
#[cfg(not(feature = "remote"))]
fn without_feature(table: &mut Table, place: &str) -> Result<bool, StartupError> {
    match table.take("jwks_uri", "\"https://idp.example/jwks.json\"", value::text)? {
        None => Ok(false),
        Some(_) => Err(StartupError::setting(
            &format!("{place}jwks_uri"),
            "is fetched by the feature `remote` of jwt-auth alone: turn it on in Cargo.toml, or set a key",
            "jwt-auth = { version = \"0.1\", features = [\"remote\"] }",
        )),
    }
}

#[cfg(feature = "remote")]
impl RemoteSettings {
    /// Takes these settings out; none, if there are keys in the settings themselves.
    fn take(
        table: &mut Table,
        place: &str,
        issuer: Option<&str>,
        keys: &[KeySetting],
        algorithm: Option<Algorithm>,
    ) -> Result<Option<Self>, StartupError> {
        let allow_http = table.take("allow_http", "true", value::flag)?;
        let jwks_uri = table.take("jwks_uri", "\"https://idp.example/jwks.json\"", |v| {
            value::url(v, allow_http == Some(true))
        })?;
        let cooldown = table.take("jwks_cooldown", "\"30s\"", |v| {
            value::duration(v, Duration::from_secs(1)..=Duration::from_secs(60 * 60))
        })?;
        let wrong = |name: &str, problem: &str, example: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, example))
        };
        if !keys.is_empty() {
            let said = [
                ("jwks_uri", jwks_uri.is_some()),
                ("allow_http", allow_http.is_some()),
                ("jwks_cooldown", cooldown.is_some()),
            ];
            let problem = "is about keys that are fetched, and there is one as well: remove one of the two";
            return refuse_any(place, &said, problem, EXAMPLE).map(|()| None);
        }
        let Some(issuer) = issuer else { return Ok(None) };
        let allow_http = allow_http.unwrap_or(false);
        let source = match jwks_uri {
            Some(url) => RemoteSource::JwkSet(url),
            None => {
                let document = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
                match value::fetched_from(&document, allow_http) {
                    Ok(url) => RemoteSource::Discovery(url),
                    Err(problem) => {
                        let problem = format!("{problem}; or set `jwks_uri`, or a key");
                        return wrong("issuer", &problem, "issuer = \"https://idp.example\"");
                    }
                }
            }
        };
        // A flood of names that nobody knows causes no more than two fetches a minute.
        let cooldown = cooldown.unwrap_or(Duration::from_secs(30));
        Ok(Some(Self { source, algorithm, allow_http, cooldown }))
    }
}
