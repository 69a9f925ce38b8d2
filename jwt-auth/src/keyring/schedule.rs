//! Checks that keys fit together: that their names differ, and that it is clear which one signs when.

use super::jwk::KeyOwner;
use super::key::Key;
use crate::clock::Timestamp;
use crate::error::StartupError;

const RETIRE: &str = "retire_at = \"2027-01-01T00:00:00Z\"";
const BEGIN: &str = "not_before = \"2026-12-01T00:00:00Z\"";

/// Rejects keys that cannot be told apart, and warns about times at which no key signs.
pub(super) fn check(keys: &[Key], owner: KeyOwner, now: Timestamp) -> Result<(), StartupError> {
    // An issuer may give several keys one name (RFC 7517, section 4.5).
    if owner == KeyOwner::App {
        names(keys)?;
    }
    if let Some(key) = keys.first().filter(|_| keys.iter().all(|key| key.is_retired(now))) {
        let problem = "is retired, and there is no other key, so every token would be rejected";
        return Err(StartupError::setting(&key.setting, problem, RETIRE));
    }
    let signing: Vec<&Key> =
        keys.iter().filter(|key| key.signing.is_some() && !key.is_retired(now)).collect();
    for (i, key) in signing.iter().enumerate() {
        if let Some(other) = signing[..i].iter().find(|other| other.not_before == key.not_before) {
            let problem = format!(
                "can sign, and so can `{}` from the same time on. The key with the latest `not_before` signs: set \
                 `not_before` on the one that should",
                other.setting
            );
            return Err(StartupError::setting(&key.setting, problem, BEGIN));
        }
    }
    gaps(&signing, now);
    Ok(())
}

fn names(keys: &[Key]) -> Result<(), StartupError> {
    for (i, key) in keys.iter().enumerate() {
        let Some(other) = keys[..i].iter().find(|other| other.verifying.kid() == key.verifying.kid()) else {
            continue;
        };
        let (problem, example) = match key.verifying.kid() {
            Some(kid) => (
                format!(
                    "has the name `{kid}`, and so does `{}`, so tokens could not tell the keys apart",
                    other.setting
                ),
                "kid = \"2026-12\"",
            ),
            None => (
                format!(
                    "has no name, and neither does `{}`: set `kid` next to one of the secrets",
                    other.setting
                ),
                "{ algorithm = \"HS256\", secret = \"base64:…\", kid = \"2026-12\" }",
            ),
        };
        return Err(StartupError::setting(&key.setting, problem, example));
    }
    Ok(())
}

/// Warns about times at which no key signs.
fn gaps(signing: &[&Key], now: Timestamp) {
    let covered = |at: Timestamp| signing.iter().any(|key| key.signs(at));
    if !signing.is_empty() && !covered(now) {
        log::warn!(
            "jwt-auth: no key signs yet, because every `not_before` is in the future. Until then, no token can be issued"
        );
    }
    for key in signing {
        if let Some(end) = key.retire_at
            && !covered(end)
        {
            log::warn!(
                "jwt-auth: once `{}` is retired, no key signs and no token can be issued: add a key whose \
                 `not_before` is {} or earlier",
                key.setting,
                humantime::format_rfc3339_seconds(end.into())
            );
        }
    }
}
