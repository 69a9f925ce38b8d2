//! The setting `issuers`: whose tokens count beside the app's own, and by which keys.

#[cfg(feature = "remote")]
use std::time::Duration;

#[cfg(feature = "remote")]
use reqwest::Url;

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
    /// Where it publishes them.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<RemoteSettings>,
}

/// Where keys are fetched.
#[cfg(feature = "remote")]
pub(crate) struct RemoteSettings {
    /// The document that says where they are, if nothing else does.
    pub(crate) discovery: Url,
    /// The JWK Set.
    pub(crate) jwks_uri: Option<Url>,
    pub(crate) allow_http: bool,
    /// How long names that are not known cause no other fetch.
    pub(crate) cooldown: Duration,
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
        #[cfg(feature = "remote")]
        let remote = RemoteSettings::take(&mut table, &place, issuer.as_deref(), keys.is_empty())?;
        #[cfg(feature = "remote")]
        let is_fetched = remote.is_some();
        #[cfg(not(feature = "remote"))]
        let is_fetched = false;
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

#[cfg(feature = "remote")]
impl RemoteSettings {
    /// Takes these settings out; none, if there are keys in the settings themselves.
    fn take(
        table: &mut Table,
        place: &str,
        issuer: Option<&str>,
        without_keys: bool,
    ) -> Result<Option<Self>, StartupError> {
        let allow_http = table.take("allow_http", "true", value::flag)?.unwrap_or(false);
        let jwks_uri =
            table.take("jwks_uri", "\"https://idp.example/jwks.json\"", |v| value::url(v, allow_http))?;
        // A flood of names that nobody knows causes no more than two fetches a minute.
        let cooldown = table
            .take("jwks_cooldown", "\"30s\"", |v| {
                value::duration(v, Duration::from_secs(1)..=Duration::from_secs(60 * 60))
            })?
            .unwrap_or(Duration::from_secs(30));
        let wrong = |name: &str, problem: &str, example: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, example))
        };
        if !without_keys {
            return match jwks_uri {
                None => Ok(None),
                Some(_) => {
                    wrong("jwks_uri", "is set, and there is a key as well: remove one of the two", EXAMPLE)
                }
            };
        }
        let example = "issuer = \"https://idp.example\"";
        let Some(issuer) = issuer else { return Ok(None) };
        let discovery = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        match (Url::parse(&discovery), jwks_uri) {
            // An issuer need not be a URL if nothing is asked of it.
            (discovery, Some(jwks_uri)) => Ok(Some(Self {
                discovery: discovery.unwrap_or_else(|_| jwks_uri.clone()),
                jwks_uri: Some(jwks_uri),
                allow_http,
                cooldown,
            })),
            (Ok(discovery), None) if value::may_be_asked(&discovery, allow_http) => {
                Ok(Some(Self { discovery, jwks_uri: None, allow_http, cooldown }))
            }
            (Ok(discovery), None) if discovery.scheme() == "http" => wrong(
                "issuer",
                "is not https, so anybody on the way could put in keys of their own: set `allow_http` if that is meant",
                "allow_http = true",
            ),
            _ => wrong(
                "issuer",
                "is no URL that could be asked for its keys: set `jwks_uri`, or a key",
                example,
            ),
        }
    }
}
