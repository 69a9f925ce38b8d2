//! Whether keys go together: their names, and who signs when.

use super::key::Key;
use crate::clock::Timestamp;
use crate::error::StartupError;

const RETIRE: &str = "retire_at = \"2027-01-01T00:00:00Z\"";
const BEGIN: &str = "not_before = \"2026-12-01T00:00:00Z\"";

/// Refuses keys that cannot be told apart, and warns of times at which nothing signs.
pub(super) fn check(keys: &[Key], now: Timestamp) -> Result<(), StartupError> {
    names(keys)?;
    if let Some(key) = keys.first().filter(|_| keys.iter().all(|key| key.is_retired(now))) {
        let problem = "is retired, and there is no other key: every token would be refused";
        return Err(StartupError::setting(&key.setting, problem, RETIRE));
    }
    let signing: Vec<&Key> =
        keys.iter().filter(|key| key.signing.is_some() && !key.is_retired(now)).collect();
    for (i, key) in signing.iter().enumerate() {
        if let Some(other) = signing[..i].iter().find(|other| other.not_before == key.not_before) {
            let problem = format!(
                "can sign as well as `{}`, from the same moment on: of two, the one with the later `not_before` \
                 signs. Give one to the key that is to",
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
                    "is called `{kid}`, and so is `{}`: tokens would not say which of them it was",
                    other.setting
                ),
                "kid = \"2026-12\"",
            ),
            None => (
                format!("has no name, nor has `{}`: set `kid` beside one of the secrets", other.setting),
                "{ algorithm = \"HS256\", secret = \"base64:…\", kid = \"2026-12\" }",
            ),
        };
        return Err(StartupError::setting(&key.setting, problem, example));
    }
    Ok(())
}

/// Says when nothing will sign, though something does at other times.
fn gaps(signing: &[&Key], now: Timestamp) {
    let covered = |at: Timestamp| signing.iter().any(|key| key.is_in_force(at));
    if !signing.is_empty() && !covered(now) {
        log::warn!(
            "jwt-auth: no key signs yet: each has a `not_before` that is to come. Until then no token can be issued"
        );
    }
    for key in signing {
        if let Some(end) = key.retire_at
            && !covered(end)
        {
            log::warn!(
                "jwt-auth: when `{}` is retired, no key signs, and no token can be issued: add one whose \
                 `not_before` is no later than {}",
                key.setting,
                humantime::format_rfc3339_seconds(end.into())
            );
        }
    }
}
