//! The setting `issuers`: the trusted issuers and their keys.

#[cfg(feature = "remote")]
use std::time::Duration;

#[cfg(feature = "remote")]
use jsonwebtoken::Algorithm;
#[cfg(feature = "remote")]
use reqwest::Url;

#[cfg(feature = "remote")]
use super::duration;
use super::key::{KeyEncoding, KeySetting};
#[cfg(feature = "remote")]
use super::key_table::refuse_any;
use super::key_table::{KeyTable, take_keys};
use super::table::{Entry, Table};
use super::value;
use crate::error::StartupError;

/// The settings of a trusted issuer, whose tokens the app accepts in addition to its own.
pub(crate) struct IssuerSettings {
    /// The prefix of the names of its settings, such as `issuers[0].`.
    place: String,
    /// The name that claims types use for it: the setting `name`, or the issuer.
    pub(crate) name: String,
    /// The `iss` of its tokens.
    pub(crate) issuer: String,
    /// The accepted audiences. A token must name one of them, unless its claims type has an audience of its own.
    pub(crate) audience: Vec<String>,
    /// The claim that contains the audience.
    pub(crate) audience_claim: String,
    /// Whether its ID tokens are accepted.
    pub(crate) accepts_id_tokens: bool,
    /// The required `typ` of its tokens.
    pub(crate) typ: Option<String>,
    /// The maximum length of its tokens, in bytes.
    pub(crate) max_token_length: usize,
    pub(crate) keys: Vec<KeySetting>,
    /// Where its keys are fetched from, unless the settings contain them.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<RemoteSettings>,
}

/// Where keys are fetched from, and how.
#[cfg(feature = "remote")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RemoteSettings {
    pub(crate) source: RemoteSource,
    /// The algorithm of all keys, if the settings name one.
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) allow_http: bool,
    /// The minimum time between two fetches that are triggered by unknown key names.
    pub(crate) cooldown: Duration,
}

/// Where an issuer publishes its keys.
#[cfg(feature = "remote")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RemoteSource {
    /// At the `jwks_uri` in the discovery document at this URL.
    Discovery(Url),
    /// At this URL.
    JwkSet(Url),
}

const EXAMPLE: &str = "{ issuer = \"https://partner.example\", audience = \"api\", algorithm = \"ES256\", public_key = \"partner.pem\" }";

impl IssuerSettings {
    /// Takes the setting. `own` is the app's own issuer.
    pub(super) fn take(table: &mut Table, own: Option<&str>) -> Result<Vec<Self>, StartupError> {
        let tables = table.take_tables("issuers", &format!("[{EXAMPLE}]"))?;
        let mut issuers: Vec<Self> = Vec::new();
        for (number, table) in tables.into_iter().enumerate() {
            let issuer = Self::read(table, format!("issuers[{number}]."))?;
            issuer.check_unique(own, &issuers)?;
            issuers.push(issuer);
        }
        Ok(issuers)
    }

    fn read(mut table: Table, place: String) -> Result<Self, StartupError> {
        let issuer = table.take("issuer", "\"https://partner.example\"", value::text)?;
        let name = table.take("name", "\"partner\"", value::word)?;
        let audience = table.take("audience", "\"api\"", value::texts)?.unwrap_or_default();
        let audience_claim = table.take("audience_claim", "\"client_id\"", value::text)?;
        let accept = table.take("accept", "\"access_token\"", accepted_tokens)?;
        let typ = table.take("typ", "\"at+jwt\"", value::text)?;
        let max_token_length = table.take("max_token_length", "\"16KiB\"", value::token_length)?;
        let inline = KeyTable::take(&mut table)?;
        #[cfg(feature = "remote")]
        let algorithm = inline.algorithm;
        let keys = take_keys(&mut table, &place, inline)?;
        #[cfg(feature = "remote")]
        let remote = RemoteSettings::take(&mut table, &place, issuer.as_deref(), &keys, algorithm)?;
        #[cfg(feature = "remote")]
        let is_fetched = remote.is_some();
        #[cfg(not(feature = "remote"))]
        let is_fetched = without_feature(&mut table, &place)?;
        table.finish()?;
        let wrong = |name: &str, problem: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, EXAMPLE))
        };
        let Some(issuer) = issuer else {
            return wrong("issuer", "is not set: it is the `iss` that the tokens must have");
        };
        if keys.is_empty() && !is_fetched {
            let problem = "is not set, and no other key is set either, so no token could be verified. To fetch the keys from \
                           the issuer, enable the `remote` feature of jwt-auth";
            return wrong("public_key", problem);
        }
        let private =
            keys.iter().find(|key| matches!(key.encoding, KeyEncoding::Pem { private: Some(_), .. }));
        if let Some(key) = private {
            let problem = "must not be set, because the app only verifies this issuer's tokens: set `public_key` instead";
            return Err(key.error("private_key", problem, EXAMPLE));
        }
        let audience_claim = audience_claim.unwrap_or_else(|| "aud".to_owned());
        Ok(Self {
            place,
            name: name.unwrap_or_else(|| issuer.clone()),
            issuer,
            audience,
            audience_claim,
            accepts_id_tokens: accept.unwrap_or(false),
            typ,
            // Entra puts up to 200 groups into a token, which take 11.5 KB.
            max_token_length: max_token_length.unwrap_or(16 * 1024),
            keys,
            #[cfg(feature = "remote")]
            remote,
        })
    }

    /// Removes its keys.
    pub(super) fn forget_keys(&mut self) {
        self.keys.clear();
        #[cfg(feature = "remote")]
        {
            self.remote = None;
        }
    }

    /// Returns whether its keys are fetched.
    pub(crate) fn is_remote(&self) -> bool {
        #[cfg(feature = "remote")]
        return self.remote.is_some();
        #[cfg(not(feature = "remote"))]
        false
    }

    /// Checks that neither its issuer nor its name also means the app itself or one of the `others`.
    fn check_unique(&self, own: Option<&str>, others: &[Self]) -> Result<(), StartupError> {
        let wrong = |setting: &str, problem: String, example: &str| {
            Err(StartupError::setting(&self.setting(setting), problem, example))
        };
        if own == Some(&self.issuer) {
            let problem = "is the app itself (the setting `issuer`): put its keys into the app's own `keys`";
            return wrong("issuer", problem.to_owned(), EXAMPLE);
        }
        let name = "name = \"partner\"";
        if own == Some(&self.name) {
            let problem = format!("is {:?}, which is the app itself (the setting `issuer`)", self.name);
            return wrong("name", problem, name);
        }
        for other in others {
            if other.issuer == self.issuer {
                let problem = "is a duplicate: put all keys of an issuer into one table, as `keys = […]`";
                return wrong("issuer", problem.to_owned(), EXAMPLE);
            }
            if other.name == self.name || other.issuer == self.name || other.name == self.issuer {
                let (own, theirs) = match (other.issuer == self.name, other.name == self.issuer) {
                    (true, _) => ("name", other.setting("issuer")),
                    (_, true) => ("issuer", other.setting("name")),
                    _ => ("name", other.setting("name")),
                };
                let value = if own == "name" { &self.name } else { &self.issuer };
                let problem =
                    format!("is {value:?}, and so is `{theirs}`: choose another name for one of the two");
                return wrong(own, problem, name);
            }
        }
        Ok(())
    }

    /// Returns the full name of one of its settings.
    pub(crate) fn setting(&self, setting: &str) -> String {
        format!("{}{setting}", self.place)
    }
}

/// Parses the kind of tokens that are accepted: whether they may be ID tokens.
fn accepted_tokens(entry: &Entry) -> Result<bool, String> {
    match entry.value.as_str() {
        Some("access_token") => Ok(false),
        Some("id_token") => Ok(true),
        _ => {
            Err("must be \"access_token\", or \"id_token\" for an issuer that has no access tokens for APIs"
                .to_owned())
        }
    }
}

/// Rejects `jwks_uri`, which needs the feature `remote`.
#[cfg(not(feature = "remote"))]
fn without_feature(table: &mut Table, place: &str) -> Result<bool, StartupError> {
    match table.take("jwks_uri", "\"https://idp.example/jwks.json\"", value::text)? {
        None => Ok(false),
        Some(_) => Err(StartupError::setting(
            &format!("{place}jwks_uri"),
            "needs the `remote` feature of jwt-auth: enable it in Cargo.toml, or set a key",
            "jwt-auth = { version = \"0.1\", features = [\"remote\"] }",
        )),
    }
}

#[cfg(feature = "remote")]
impl RemoteSettings {
    /// Takes these settings. Returns `None` if the settings contain keys.
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
            duration::duration(v, Duration::from_secs(1)..=Duration::from_secs(60 * 60))
        })?;
        let wrong = |name: &str, problem: &str, example: &str| {
            Err(StartupError::setting(&format!("{place}{name}"), problem, example))
        };
        if !keys.is_empty() {
            let given = [
                ("jwks_uri", jwks_uri.is_some()),
                ("allow_http", allow_http.is_some()),
                ("jwks_cooldown", cooldown.is_some()),
            ];
            let problem = "applies only to fetched keys, but a key is set too: remove one of the two";
            return refuse_any(place, &given, problem, EXAMPLE).map(|()| None);
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
                        let problem = format!("{problem}; or set `jwks_uri` or a key");
                        return wrong("issuer", &problem, "issuer = \"https://idp.example\"");
                    }
                }
            }
        };
        // A flood of unknown key names causes at most two fetches per minute.
        let cooldown = cooldown.unwrap_or(Duration::from_secs(30));
        Ok(Some(Self { source, algorithm, allow_http, cooldown }))
    }
}
