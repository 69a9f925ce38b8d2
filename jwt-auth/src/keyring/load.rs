//! Builds keys from settings, and rejects keys that are too weak or do not fit their algorithm.

use std::time::Duration;

use aws_lc_rs::{hmac, rand};
use jsonwebtoken::Algorithm;

use super::algorithm::{Scheme, scheme};
use super::files::Files;
use super::found::found;
use super::jwk::{KeyOwner, ParsedKey, jwk};
use super::jwk_set::jwks;
use super::key::Key;
use super::key_set::KeySet;
use super::material::{self, KeyMaterial, private_from_pem, public_from_pem};
use super::problem::{missing, unfit, unfit_public, unsupported};
use super::schedule;
use crate::clock::Timestamp;
use crate::config::{KeyEncoding, KeySetting, KeySettings, KeyText, secret_from};
use crate::error::StartupError;

/// The keys of the app and of each trusted issuer.
pub(super) struct Sets {
    /// `None` keeps the generated secret.
    pub(super) own: Option<KeySet>,
    /// `None` for an issuer whose keys are fetched.
    pub(super) trusted: Vec<Option<KeySet>>,
}

/// The reason for loading keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Launch {
        /// Whether a missing key is generated.
        ephemeral: bool,
    },
    /// The app passed new settings.
    NewSettings,
    /// A file changed.
    NewFiles,
}

/// Loads the keys.
///
/// # Errors
///
/// A key is invalid. The error describes the first one: its setting, the problem, and an example.
pub(super) fn load(
    settings: &KeySettings,
    files: &Files,
    now: Timestamp,
    leeway: Duration,
    occasion: Occasion,
) -> Result<Sets, StartupError> {
    let ephemeral = occasion == Occasion::Launch { ephemeral: true };
    let own = match (settings.own.is_empty(), is_hmac(settings.algorithm)) {
        (false, _) => Some(key_set(&settings.own, KeyOwner::App, files, now, leeway)?),
        // The set from the launch stays.
        (true, _) if occasion == Occasion::NewFiles => None,
        (true, false) => return Err(missing(settings.algorithm)),
        // The app only verifies tokens of trusted issuers.
        (true, true) if !ephemeral && !settings.issuers.is_empty() => Some(KeySet::default()),
        (true, true) if !ephemeral => return Err(StartupError::MissingSecret),
        (true, true) => {
            log::warn!(
                "jwt-auth: no secret is configured, so a random one was generated, and tokens become invalid when this \
                 process ends. Set `secret` in [default.jwt_auth] or JWT_SECRET_KEY. Outside the debug profile, the \
                 launch fails without a key."
            );
            Some(generated(settings.algorithm)?)
        }
    };
    let trusted = settings.issuers.iter().map(|issuer| match issuer.keys.is_empty() {
        true if issuer.is_remote() => Ok(None),
        // This happens only in tests, which sign with the generated secret.
        true => generated(Algorithm::HS256).map(Some),
        false => key_set(&issuer.keys, KeyOwner::TrustedIssuer, files, now, leeway).map(Some),
    });
    Ok(Sets { own, trusted: trusted.collect::<Result<_, _>>()? })
}

fn key_set(
    settings: &[KeySetting],
    owner: KeyOwner,
    files: &Files,
    now: Timestamp,
    leeway: Duration,
) -> Result<KeySet, StartupError> {
    let mut keys = Vec::new();
    for setting in settings {
        add(&mut keys, setting, owner, files)?;
    }
    schedule::check(&keys, owner, now)?;
    Ok(KeySet::new(keys, leeway))
}

/// Generates a random secret.
///
/// # Errors
///
/// The algorithm needs a key pair, or the system provides no randomness.
fn generated(algorithm: Algorithm) -> Result<KeySet, StartupError> {
    let Some(scheme @ Scheme::Hmac(hash)) = scheme(algorithm) else {
        return Err(missing(algorithm));
    };
    let key = hmac::Key::generate(hash, &rand::SystemRandom::new()).ok();
    let keys = key.and_then(|key| KeyMaterial::Secret(Box::new(key)).keys(algorithm, &scheme, None));
    let (verifying, private) = keys.ok_or_else(|| {
        StartupError::setting("secret", "is not set, and none could be generated", "secret = \"…\"")
    })?;
    Ok(KeySet::undated(vec![Key::without_setting(verifying, private)]))
}

fn add(
    keys: &mut Vec<Key>,
    setting: &KeySetting,
    owner: KeyOwner,
    files: &Files,
) -> Result<(), StartupError> {
    match &setting.encoding {
        KeyEncoding::Secret(secret) => push_secret(keys, setting, owner, "secret", secret.expose()),
        KeyEncoding::SecretFile(text) => {
            // Editors and `openssl rand` end a file with a line break.
            let text = text_of(setting, "secret_file", text, files)?.trim_end_matches(['\r', '\n']);
            let secret = secret_from(text)
                .map_err(|problem| setting.error("secret_file", problem, "`openssl rand -base64 48`"))?;
            push_secret(keys, setting, owner, "secret_file", secret.expose())
        }
        KeyEncoding::Pem { private, public } => {
            let parsed = from_pem(setting, private.as_ref(), public.as_ref(), files)?;
            push(keys, setting, owner, parsed)
        }
        KeyEncoding::Jwk(text) => {
            let text = text_of(setting, "jwk", text, files)?;
            let parsed = jwk(text, setting.algorithm, owner)
                .map_err(|problem| setting.error("jwk", problem, "jwk = \"key.json\""))?;
            push(keys, setting, owner, parsed)
        }
        KeyEncoding::Jwks(text) => {
            let text = text_of(setting, "jwks", text, files)?;
            let (parsed, skipped) = jwks(text, setting.algorithm, owner)
                .map_err(|problem| setting.error("jwks", problem, "jwks = \"keys.json\""))?;
            for problem in skipped {
                log::warn!("jwt-auth: a key in `{}` was skipped: {problem}", setting.key_name());
            }
            parsed.into_iter().try_for_each(|parsed| push(keys, setting, owner, parsed))
        }
    }
}

/// Adds the secret in the setting with this name.
fn push_secret(
    keys: &mut Vec<Key>,
    setting: &KeySetting,
    owner: KeyOwner,
    name: &str,
    secret: &[u8],
) -> Result<(), StartupError> {
    let algorithm = setting.algorithm.unwrap_or_default();
    let Some(Scheme::Hmac(hash)) = scheme(algorithm) else {
        return Err(unsupported(setting));
    };
    let size = hash.digest_algorithm().output_len();
    let key = material::secret(secret, hash, algorithm).map_err(|problem| {
        let example = format!("secret = \"base64:…\", from `openssl rand -base64 {size}`");
        setting.error(name, problem, &example)
    })?;
    let material = KeyMaterial::Secret(Box::new(key));
    push(keys, setting, owner, ParsedKey { algorithm, material, kid: None, signs: true })
}

fn push(
    keys: &mut Vec<Key>,
    setting: &KeySetting,
    owner: KeyOwner,
    parsed: ParsedKey,
) -> Result<(), StartupError> {
    let ParsedKey { algorithm, material, kid, signs } = parsed;
    let scheme = scheme(algorithm).ok_or_else(|| unsupported(setting))?;
    let kid = setting.kid.clone().or(kid);
    let (verifying, private) =
        material.keys(algorithm, &scheme, kid).ok_or_else(|| unfit(setting, algorithm, None))?;
    // The secret of a trusted issuer could also sign, but must not.
    keys.push(Key::new(verifying, private.filter(|_| signs && owner == KeyOwner::App), setting));
    Ok(())
}

fn from_pem(
    setting: &KeySetting,
    private: Option<&KeyText>,
    public: Option<&KeyText>,
    files: &Files,
) -> Result<ParsedKey, StartupError> {
    let algorithm = setting.algorithm.unwrap_or_default();
    let scheme = scheme(algorithm).ok_or_else(|| unsupported(setting))?;
    let private = match private {
        Some(text) => {
            let text = text_of(setting, "private_key", text, files)?;
            let private = private_from_pem(&scheme, text);
            Some(private.ok_or_else(|| unfit(setting, algorithm, found(text, true)))?)
        }
        None => None,
    };
    let public = match public {
        Some(text) => {
            let text = text_of(setting, "public_key", text, files)?;
            let public = public_from_pem(&scheme, text);
            Some(public.ok_or_else(|| unfit_public(setting, algorithm, found(text, false)))?)
        }
        None => None,
    };
    let material = match (private, public) {
        (Some(private), Some(public)) if private.public() != public => {
            return Err(setting.error(
                "public_key",
                "is not the public half of `private_key`",
                "leave it out: the private key contains it",
            ));
        }
        (Some(private), _) => KeyMaterial::Pair(private),
        (None, public) => KeyMaterial::Public(public.unwrap_or_default()),
    };
    Ok(ParsedKey { algorithm, material, kid: None, signs: true })
}

fn text_of<'a>(
    setting: &KeySetting,
    name: &str,
    text: &'a KeyText,
    files: &'a Files,
) -> Result<&'a str, StartupError> {
    files.text(text).map_err(|problem| setting.error(name, problem, &format!("{name} = \"/etc/keys/key\"")))
}

fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(scheme(algorithm), Some(Scheme::Hmac(_)))
}
