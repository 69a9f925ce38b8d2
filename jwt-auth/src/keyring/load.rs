//! From settings to keys. Whatever is too weak or does not fit is refused here.

use aws_lc_rs::{hmac, rand};
use jsonwebtoken::Algorithm;

use super::algorithm::{Scheme, name, scheme};
use super::files::Files;
use super::halves::{Halves, private_from_pem, public_from_pem};
use super::jwk::{Named, Owner, jwk, jwks};
use super::key::Key;
use super::schedule;
use super::set::KeySet;
use crate::clock::Timestamp;
use crate::config::{KeySetting, KeySettings, Material, Text};
use crate::error::StartupError;

/// The keys of the app, and those of each other issuer.
pub(super) struct Sets {
    /// None, if the one that was made up stays.
    pub(super) own: Option<KeySet>,
    /// None of an issuer that publishes them.
    pub(super) others: Vec<Option<KeySet>>,
}

/// When keys are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Launch {
        /// Whether, where there is no key, one may be made up.
        ephemeral: bool,
    },
    /// Somebody gave other settings.
    OtherSettings,
    /// A file holds something else.
    OtherFiles,
}

/// Makes the keys.
///
/// # Errors
///
/// The first that is wrong: its setting, what is wrong and an example.
pub(super) fn load(
    settings: &KeySettings,
    files: &Files,
    now: Timestamp,
    occasion: Occasion,
) -> Result<Sets, StartupError> {
    let ephemeral = occasion == Occasion::Launch { ephemeral: true };
    let own = match (settings.own.is_empty(), is_hmac(settings.algorithm)) {
        (false, _) => Some(of(&settings.own, Owner::App, files, now)?),
        // As it was at launch, when one was made up or not.
        (true, _) if occasion == Occasion::OtherFiles => None,
        (true, false) => return Err(missing(settings.algorithm)),
        // It signs nothing.
        (true, true) if !ephemeral && !settings.issuers.is_empty() => Some(KeySet::default()),
        (true, true) if !ephemeral => return Err(StartupError::MissingSecret),
        (true, true) => {
            log::warn!(
                "jwt-auth: no secret is configured, so one was made up: tokens end with this process. \
                 Set `secret` in [default.jwt_auth] or JWT_SECRET_KEY; outside the debug profile the launch stops \
                 here."
            );
            Some(made_up(settings.algorithm)?)
        }
    };
    let others = settings.issuers.iter().map(|issuer| match issuer.keys.is_empty() {
        true if issuer.is_remote() => Ok(None),
        // Their keys are told to tests only.
        true => made_up(Algorithm::HS256).map(Some),
        false => of(&issuer.keys, Owner::Other, files, now).map(Some),
    });
    Ok(Sets { own, others: others.collect::<Result<_, _>>()? })
}

fn of(settings: &[KeySetting], owner: Owner, files: &Files, now: Timestamp) -> Result<KeySet, StartupError> {
    let mut keys = Vec::new();
    for setting in settings {
        add(&mut keys, setting, owner, files)?;
    }
    schedule::check(&keys, now)?;
    Ok(KeySet(keys))
}

impl KeySet {
    /// Reads what another issuer publishes, and says what is wrong with the keys that cannot be used.
    ///
    /// # Errors
    ///
    /// None can be used.
    #[cfg(feature = "remote")]
    pub(crate) fn published(text: &str, algorithm: Option<Algorithm>) -> Result<(Self, Vec<String>), String> {
        let (named, mut skipped) = jwks(text, algorithm, Owner::Other)?;
        let mut keys = Vec::new();
        for Named { algorithm, halves, kid, .. } in named {
            match scheme(algorithm).and_then(|scheme| halves.keys(algorithm, &scheme, kid)) {
                Some((verifying, _)) => keys.push(Key::made_up(verifying, None)),
                None => skipped.push(format!("one is not what {} needs", name(algorithm))),
            }
        }
        match keys.is_empty() {
            true => Err(format!("has no key that can be used: {}", skipped.join("; "))),
            false => Ok((Self(keys), skipped)),
        }
    }
}

/// A secret that is made up now.
///
/// # Errors
///
/// The algorithm needs a key pair, or there was no randomness.
fn made_up(algorithm: Algorithm) -> Result<KeySet, StartupError> {
    let Some(scheme @ Scheme::Hmac(hash)) = scheme(algorithm) else {
        return Err(missing(algorithm));
    };
    let key = hmac::Key::generate(hash, &rand::SystemRandom::new()).ok();
    let keys = key.and_then(|key| Halves::Secret(Box::new(key)).keys(algorithm, &scheme, None));
    let (verifying, private) = keys.ok_or_else(|| {
        StartupError::setting("secret", "is not set, and none could be made up", "secret = \"…\"")
    })?;
    Ok(KeySet(vec![Key::made_up(verifying, private)]))
}

fn add(keys: &mut Vec<Key>, setting: &KeySetting, owner: Owner, files: &Files) -> Result<(), StartupError> {
    match &setting.material {
        Material::Secret(secret) => {
            let algorithm = setting.algorithm.unwrap_or_default();
            let Some(Scheme::Hmac(hash)) = scheme(algorithm) else {
                return Err(unsupported(setting));
            };
            let size = hash.digest_algorithm().output_len();
            let key = self::secret(secret.expose(), hash, algorithm).map_err(|problem| {
                let example = format!("secret = \"base64:…\", from `openssl rand -base64 {size}`");
                setting.wrong("secret", problem, &example)
            })?;
            add_named(
                keys,
                setting,
                owner,
                Named { algorithm, halves: Halves::Secret(Box::new(key)), kid: None, signs: true },
            )
        }
        Material::Pem { private, public } => {
            let named = from_pem(setting, private.as_ref(), public.as_ref(), files)?;
            add_named(keys, setting, owner, named)
        }
        Material::Jwk(text) => {
            let text = text_of(setting, "jwk", text, files)?;
            let named = jwk(text, setting.algorithm, owner)
                .map_err(|problem| setting.wrong("jwk", problem, "jwk = \"key.json\""))?;
            add_named(keys, setting, owner, named)
        }
        Material::Jwks(text) => {
            let text = text_of(setting, "jwks", text, files)?;
            let (named, skipped) = jwks(text, setting.algorithm, owner)
                .map_err(|problem| setting.wrong("jwks", problem, "jwks = \"keys.json\""))?;
            for problem in skipped {
                log::warn!("jwt-auth: of the keys in `{}`, {problem}", setting.material_name());
            }
            named.into_iter().try_for_each(|named| add_named(keys, setting, owner, named))
        }
    }
}

fn add_named(
    keys: &mut Vec<Key>,
    setting: &KeySetting,
    owner: Owner,
    named: Named,
) -> Result<(), StartupError> {
    let Named { algorithm, halves, kid, signs } = named;
    let scheme = scheme(algorithm).ok_or_else(|| unsupported(setting))?;
    let kid = setting.kid.clone().or(kid);
    let (verifying, private) =
        halves.keys(algorithm, &scheme, kid).ok_or_else(|| unfit(setting, algorithm))?;
    // A secret of another issuer verifies, and could sign as well.
    keys.push(Key::new(verifying, private.filter(|_| signs && owner == Owner::App), setting));
    Ok(())
}

/// A secret as a key, or why it is too weak.
pub(super) fn secret(
    secret: &[u8],
    hash: hmac::Algorithm,
    algorithm: Algorithm,
) -> Result<hmac::Key, String> {
    let size = hash.digest_algorithm().output_len();
    match secret.len() {
        length if length < size => Err(format!(
            "has {length} bytes; {} needs at least {size} (RFC 7518, section 3.2)",
            name(algorithm)
        )),
        _ => Ok(hmac::Key::new(hash, secret)),
    }
}

fn from_pem(
    setting: &KeySetting,
    private: Option<&Text>,
    public: Option<&Text>,
    files: &Files,
) -> Result<Named, StartupError> {
    let algorithm = setting.algorithm.unwrap_or_default();
    let scheme = scheme(algorithm).ok_or_else(|| unsupported(setting))?;
    let private = match private {
        Some(text) => {
            let text = text_of(setting, "private_key", text, files)?;
            Some(private_from_pem(&scheme, text).ok_or_else(|| unfit(setting, algorithm))?)
        }
        None => None,
    };
    let public = match public {
        Some(text) => {
            let text = text_of(setting, "public_key", text, files)?;
            Some(public_from_pem(&scheme, text).ok_or_else(|| unfit_public(setting, algorithm))?)
        }
        None => None,
    };
    let halves = match (private, public) {
        (Some(private), Some(public)) if private.public() != public => {
            return Err(setting.wrong(
                "public_key",
                "is not the other half of `private_key`",
                "leave it out: the private key holds it",
            ));
        }
        (Some(private), _) => Halves::Pair(private),
        (None, public) => Halves::Public(public.unwrap_or_default()),
    };
    Ok(Named { algorithm, halves, kid: None, signs: true })
}

fn text_of<'a>(
    setting: &KeySetting,
    name: &str,
    text: &'a Text,
    files: &'a Files,
) -> Result<&'a str, StartupError> {
    files.text(text).map_err(|problem| setting.wrong(name, problem, &format!("{name} = \"/etc/keys/key\"")))
}

fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(scheme(algorithm), Some(Scheme::Hmac(_)))
}

fn unsupported(setting: &KeySetting) -> StartupError {
    setting.wrong("algorithm", "is not supported", "algorithm = \"HS256\"")
}

fn missing(algorithm: Algorithm) -> StartupError {
    let (what, example) = recipe(algorithm);
    StartupError::setting(
        "private_key",
        format!("is not set, and {} needs {what}", name(algorithm)),
        &example,
    )
}

fn unfit(setting: &KeySetting, algorithm: Algorithm) -> StartupError {
    let (what, example) = recipe(algorithm);
    let problem = |form: &str| format!("is not {form}what {} needs: {what}", name(algorithm));
    match &setting.material {
        Material::Secret(_) => unsupported(setting),
        Material::Pem { private: Some(_), .. } => setting.wrong("private_key", problem("PEM of "), &example),
        Material::Pem { .. } => unfit_public(setting, algorithm),
        Material::Jwk(_) => setting.wrong("jwk", problem(""), "jwk = \"key.json\""),
        Material::Jwks(_) => setting.wrong("jwks", problem(""), "jwks = \"keys.json\""),
    }
}

fn unfit_public(setting: &KeySetting, algorithm: Algorithm) -> StartupError {
    let what = recipe(algorithm).0;
    setting.wrong(
        "public_key",
        format!("is not PEM of what {} needs: {what}", name(algorithm)),
        "`openssl pkey -in private.pem -pubout -out public.pem`",
    )
}

/// The private key that an algorithm needs, and a command that makes one.
fn recipe(algorithm: Algorithm) -> (&'static str, String) {
    let (what, options) = match algorithm {
        Algorithm::ES256 => ("a P-256 key in PKCS#8 or SEC1", "EC -pkeyopt ec_paramgen_curve:P-256"),
        Algorithm::ES384 => ("a P-384 key in PKCS#8 or SEC1", "EC -pkeyopt ec_paramgen_curve:P-384"),
        Algorithm::EdDSA => ("an Ed25519 key in PKCS#8", "ed25519"),
        _ => ("an RSA key of 2048 bits or more", "RSA -pkeyopt rsa_keygen_bits:2048"),
    };
    (
        what,
        format!(
            "private_key = \"private.pem\", from `openssl genpkey -algorithm {options} -out private.pem`"
        ),
    )
}
