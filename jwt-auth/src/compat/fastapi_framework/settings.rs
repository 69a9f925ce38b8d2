//! Checks that the settings are compatible with the other service.

use jsonwebtoken::Algorithm;

use crate::config::{FastapiFramework, KeyEncoding, Redis, RevocationMode, Settings};
use crate::error::StartupError;

/// Rejects keys that the other service does not share, or whose signatures it cannot verify.
pub(crate) fn check_keys(settings: &Settings) -> Result<(), StartupError> {
    if settings.keys.algorithm != Algorithm::HS256 {
        return Err(StartupError::setting(
            "algorithm",
            "must be HS256 while `fastapi_framework` is set, and so must JWT_ALGORITHM of the Python service",
            "algorithm = \"HS256\"",
        ));
    }
    if !settings.keys.has_secret() {
        return Err(StartupError::setting(
            "secret",
            "is required while `fastapi_framework` is set: set it, or JWT_SECRET_KEY, to the secret of the Python service",
            "JWT_SECRET_KEY=…",
        ));
    }
    let foreign = settings.keys.own.iter().find(|key| match &key.encoding {
        KeyEncoding::Secret(_) | KeyEncoding::SecretFile(_) => key.algorithm != Some(Algorithm::HS256),
        KeyEncoding::Pem { private, .. } => private.is_some(),
        KeyEncoding::Jwk(_) | KeyEncoding::Jwks(_) => true,
    });
    match (settings.fastapi_framework, foreign) {
        (Some(FastapiFramework::Issue), Some(key)) => Err(StartupError::setting(
            &key.key_name(),
            "can sign, but the Python service could not verify its tokens while `fastapi_framework` is \"issue\". Until \
             it is \"accept\", additional keys must be secrets for HS256, or have only a `public_key`",
            "fastapi_framework = \"accept\"",
        )),
        _ => Ok(()),
    }
}

/// Rejects settings that conflict with the other service. Returns the Redis server that both use.
pub(crate) fn check(settings: &Settings, phase: FastapiFramework) -> Result<&Redis, StartupError> {
    check_keys(settings)?;
    let Some(redis) = &settings.store.redis else {
        return Err(StartupError::setting(
            "redis",
            "is required while `fastapi_framework` is set: set it, or REDIS_URL, or REDIS_HOST and REDIS_PORT, to the \
             Redis server of the Python service, which uses database 0",
            "redis = \"redis://localhost:6379/0\"",
        ));
    };
    if phase == FastapiFramework::Issue && settings.revocation.mode == RevocationMode::Strict {
        return Err(StartupError::setting(
            "revocation",
            "is \"strict\", but access tokens belong to no session while `fastapi_framework` is \"issue\", so all of \
             them would be rejected",
            "revocation = \"push\"",
        ));
    }
    Ok(redis)
}
