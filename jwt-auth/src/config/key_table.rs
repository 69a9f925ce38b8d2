//! A key as written in a table of settings, and the checks that its settings fit together.

use jsonwebtoken::Algorithm;

use super::key::{KeyEncoding, KeySetting, KeyText};
use super::secret::Secret;
use super::table::Table;
use super::value;
use crate::clock::Timestamp;
use crate::error::StartupError;

/// The settings of a key, as written.
pub(super) struct KeyTable {
    pub(super) algorithm: Option<Algorithm>,
    secret: Option<Secret<Vec<u8>>>,
    secret_file: Option<KeyText>,
    private_key: Option<KeyText>,
    public_key: Option<KeyText>,
    jwk: Option<KeyText>,
    jwks: Option<KeyText>,
    kid: Option<String>,
    not_before: Option<Timestamp>,
    retire_at: Option<Timestamp>,
}

/// The names of the settings of a key.
pub(super) const NAMES: [&str; 10] = [
    "algorithm",
    "secret",
    "secret_file",
    "private_key",
    "public_key",
    "jwk",
    "jwks",
    "kid",
    "not_before",
    "retire_at",
];

/// An example entry of `keys`.
pub(super) const EXAMPLE: &str =
    "{ algorithm = \"ES256\", private_key = \"2026-12.pem\", not_before = \"2026-12-01T00:00:00Z\" }";

impl KeyTable {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        const TIME: &str = "\"2027-01-01T00:00:00Z\"";
        Ok(Self {
            algorithm: table.take("algorithm", "\"HS256\"", value::algorithm)?,
            secret: table.take("secret", "\"base64:…\"", value::secret)?,
            secret_file: table.take("secret_file", "\"/run/secrets/jwt\"", value::secret_file)?,
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
        // The default of `fastapi_framework`. It needs no key pair.
        self.algorithm.unwrap_or(Algorithm::HS256)
    }

    /// Returns the inline key: the one at the top level of its table. A secret is ignored if the algorithm uses a key
    /// pair, because `JWT_SECRET_KEY` may be set for another purpose.
    pub(super) fn inline_key(
        mut self,
        place: &str,
        algorithm: Algorithm,
    ) -> Result<Option<KeySetting>, StartupError> {
        if !is_hmac(algorithm) {
            self.secret = None;
        }
        if self.encodings().is_empty() {
            let given = [
                ("kid", self.kid.is_some()),
                ("not_before", self.not_before.is_some()),
                ("retire_at", self.retire_at.is_some()),
            ];
            let problem = "is set without a key: move it into the table of its key";
            return refuse_any(place, &given, problem, &format!("keys = [{EXAMPLE}]")).map(|()| None);
        }
        self.into_setting(place.to_owned(), algorithm).map(Some)
    }

    /// Converts the table into a key. `algorithm` is the default.
    pub(super) fn into_setting(
        self,
        place: String,
        algorithm: Algorithm,
    ) -> Result<KeySetting, StartupError> {
        let wrong = |setting: &str, problem: &str, example: &str| {
            Err(StartupError::setting(&format!("{place}{setting}"), problem, example))
        };
        let own = self.algorithm.unwrap_or(algorithm);
        if is_hmac(own) && (self.private_key.is_some() || self.public_key.is_some()) {
            let problem = format!("is {own:?}, which signs with a secret, but a PEM key is set");
            return wrong("algorithm", &problem, "algorithm = \"ES256\"");
        }
        if !is_hmac(own) && (self.secret.is_some() || self.secret_file.is_some()) {
            let problem = format!("is {own:?}, which signs with a private key, but a secret is set");
            return wrong("algorithm", &problem, "algorithm = \"HS256\"");
        }
        let encodings = self.encodings();
        if let [.., one, other] = encodings[..] {
            let problem = format!("is set together with `{place}{one}`: each key needs its own table");
            return wrong(other, &problem, &format!("keys = [{EXAMPLE}]"));
        }
        if self.jwks.is_some() && self.kid.is_some() {
            return wrong(
                "kid",
                "names one key, but the keys of a set have their own names",
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
        let encoding = match self {
            Self { secret: Some(secret), .. } => KeyEncoding::Secret(secret),
            Self { secret_file: Some(file), .. } => KeyEncoding::SecretFile(file),
            Self { jwk: Some(jwk), .. } => KeyEncoding::Jwk(jwk),
            Self { jwks: Some(jwks), .. } => KeyEncoding::Jwks(jwks),
            Self { private_key: None, public_key: None, .. } => {
                let problem =
                    "is missing: set `secret`, `secret_file`, `private_key`, `public_key`, `jwk` or `jwks`";
                return wrong("private_key", problem, EXAMPLE);
            }
            Self { private_key: private, public_key: public, .. } => KeyEncoding::Pem { private, public },
        };
        // A JWK names its own algorithm.
        let algorithm = if is_json { self.algorithm } else { Some(own) };
        let (kid, not_before, retire_at) = (self.kid, self.not_before, self.retire_at);
        Ok(KeySetting { place, algorithm, encoding, kid, not_before, retire_at })
    }

    /// Returns the names of the settings that contain a key.
    fn encodings(&self) -> Vec<&'static str> {
        let pem = match (&self.private_key, &self.public_key) {
            (Some(_), _) => Some("private_key"),
            (None, Some(_)) => Some("public_key"),
            (None, None) => None,
        };
        [
            self.secret.as_ref().map(|_| "secret"),
            self.secret_file.as_ref().map(|_| "secret_file"),
            pem,
            self.jwk.as_ref().map(|_| "jwk"),
            self.jwks.as_ref().map(|_| "jwks"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Returns all keys of a table: its inline key, which has already been read, and those in its list `keys`.
pub(super) fn take_keys(
    table: &mut Table,
    place: &str,
    inline: KeyTable,
) -> Result<Vec<KeySetting>, StartupError> {
    let algorithm = inline.algorithm();
    let mut keys = Vec::new();
    keys.extend(inline.inline_key(place, algorithm)?);
    for (number, mut table) in table.take_tables("keys", &format!("[{EXAMPLE}]"))?.into_iter().enumerate() {
        let key = KeyTable::take(&mut table)?;
        table.finish()?;
        keys.push(key.into_setting(format!("{place}keys[{number}]."), algorithm)?);
    }
    Ok(keys)
}

/// Rejects the first of these settings that is set.
pub(super) fn refuse_any(
    place: &str,
    given: &[(&str, bool)],
    problem: &str,
    example: &str,
) -> Result<(), StartupError> {
    match given.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((name, _)) => Err(StartupError::setting(&format!("{place}{name}"), problem, example)),
    }
}

fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}
