//! One key as it is written among the settings, and what is wrong with how it is.

use jsonwebtoken::Algorithm;

use super::keys::{KeySetting, Material, Text};
use super::secret::Secret;
use super::table::Table;
use super::value;
use crate::clock::Timestamp;
use crate::error::StartupError;

/// The settings of a key as they were written.
pub(super) struct Written {
    pub(super) algorithm: Option<Algorithm>,
    secret: Option<Secret<Vec<u8>>>,
    private_key: Option<Text>,
    public_key: Option<Text>,
    jwk: Option<Text>,
    jwks: Option<Text>,
    kid: Option<String>,
    not_before: Option<Timestamp>,
    retire_at: Option<Timestamp>,
}

/// The names of the settings that a key is made of.
pub(super) const NAMES: [&str; 9] =
    ["algorithm", "secret", "private_key", "public_key", "jwk", "jwks", "kid", "not_before", "retire_at"];

/// Of an entry of `keys`.
pub(super) const EXAMPLE: &str =
    "{ algorithm = \"ES256\", private_key = \"2026-12.pem\", not_before = \"2026-12-01T00:00:00Z\" }";

impl Written {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        const TIME: &str = "\"2027-01-01T00:00:00Z\"";
        Ok(Self {
            algorithm: table.take("algorithm", "\"HS256\"", value::algorithm)?,
            secret: table.take("secret", "\"base64:…\", from `openssl rand -base64 32`", value::secret)?,
            private_key: table.take("private_key", "\"private.pem\"", value::pem)?,
            public_key: table.take("public_key", "\"public.pem\"", value::pem)?,
            jwk: table.take("jwk", "\"key.json\"", value::json)?,
            jwks: table.take("jwks", "\"keys.json\"", value::json)?,
            kid: table.take("kid", "\"2026-12\"", value::name)?,
            not_before: table.take("not_before", TIME, value::time)?,
            retire_at: table.take("retire_at", TIME, value::time)?,
        })
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        // What the Python system used, and the only one that needs no key pair.
        self.algorithm.unwrap_or(Algorithm::HS256)
    }

    /// The one key that stands among the other settings. A secret counts for algorithms that use
    /// one: it may be set for something else, in the environment.
    pub(super) fn short_form(
        mut self,
        place: &str,
        algorithm: Algorithm,
    ) -> Result<Option<KeySetting>, StartupError> {
        if !is_hmac(algorithm) {
            self.secret = None;
        }
        if self.materials().is_empty() {
            let said = [
                ("kid", self.kid.is_some()),
                ("not_before", self.not_before.is_some()),
                ("retire_at", self.retire_at.is_some()),
            ];
            let problem =
                "is about the key that stands beside it, and there is none: put it into the table of its key";
            return refuse_any(place, &said, problem, &format!("keys = [{EXAMPLE}]")).map(|()| None);
        }
        self.entry(place.to_owned(), algorithm).map(Some)
    }

    pub(super) fn entry(self, place: String, algorithm: Algorithm) -> Result<KeySetting, StartupError> {
        let wrong = |setting: &str, problem: &str, example: &str| {
            Err(StartupError::setting(&format!("{place}{setting}"), problem, example))
        };
        let own = self.algorithm.unwrap_or(algorithm);
        if is_hmac(own) && (self.private_key.is_some() || self.public_key.is_some()) {
            let problem = format!("is {own:?}, which signs with a secret, but a PEM key is set");
            return wrong("algorithm", &problem, "algorithm = \"ES256\"");
        }
        if !is_hmac(own) && self.secret.is_some() {
            let problem = format!("is {own:?}, which signs with a private key, but a secret is set");
            return wrong("algorithm", &problem, "algorithm = \"HS256\"");
        }
        let materials = self.materials();
        if let [.., one, other] = materials[..] {
            let problem = format!("is set, and so is `{place}{one}`: each key has a table of its own");
            return wrong(other, &problem, &format!("keys = [{EXAMPLE}]"));
        }
        if self.jwks.is_some() && self.kid.is_some() {
            return wrong(
                "kid",
                "is the name of one key, and those of a set have their own",
                "jwk = \"key.json\"",
            );
        }
        if let (Some(begin), Some(end)) = (self.not_before, self.retire_at)
            && end <= begin
        {
            return wrong(
                "retire_at",
                "is not after `not_before`: the key would never be in force",
                "retire_at = \"2027-01-01T00:00:00Z\"",
            );
        }
        let is_json = self.jwk.is_some() || self.jwks.is_some();
        let material = match self {
            Self { secret: Some(secret), .. } => Material::Secret(secret),
            Self { jwk: Some(jwk), .. } => Material::Jwk(jwk),
            Self { jwks: Some(jwks), .. } => Material::Jwks(jwks),
            Self { private_key: None, public_key: None, .. } => {
                let problem = "is the key itself, and none of `secret`, `private_key`, `public_key`, `jwk` and `jwks` is set";
                return wrong("private_key", problem, EXAMPLE);
            }
            Self { private_key: private, public_key: public, .. } => Material::Pem { private, public },
        };
        // JSON says itself which algorithm its key is for.
        let algorithm = if is_json { self.algorithm } else { Some(own) };
        let (kid, not_before, retire_at) = (self.kid, self.not_before, self.retire_at);
        Ok(KeySetting { place, algorithm, material, kid, not_before, retire_at })
    }

    /// The settings that hold a key.
    fn materials(&self) -> Vec<&'static str> {
        let pem = match (&self.private_key, &self.public_key) {
            (Some(_), _) => Some("private_key"),
            (None, Some(_)) => Some("public_key"),
            (None, None) => None,
        };
        [
            self.secret.as_ref().map(|_| "secret"),
            pem,
            self.jwk.as_ref().map(|_| "jwk"),
            self.jwks.as_ref().map(|_| "jwks"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Sees that none of these settings was written.
pub(super) fn refuse_any(
    place: &str,
    written: &[(&str, bool)],
    problem: &str,
    example: &str,
) -> Result<(), StartupError> {
    match written.iter().find(|(_, is_written)| *is_written) {
        None => Ok(()),
        Some((name, _)) => Err(StartupError::setting(&format!("{place}{name}"), problem, example)),
    }
}

fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}
