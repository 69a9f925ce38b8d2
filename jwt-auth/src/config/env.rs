//! The environment variables of `fastapi_framework.jwt_auth`, and `REDIS_URL`.

use crate::error::StartupError;

/// A setting from an environment variable.
pub(super) struct FromEnv {
    pub(super) key: &'static str,
    pub(super) variable: &'static str,
    pub(super) value: String,
}

/// Reads the variables through `get`. An empty variable counts as unset, because compose files pass unset variables on
/// as empty ones.
pub(super) fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Vec<FromEnv>, StartupError> {
    let get = |variable: &str| get(variable).filter(|value| !value.is_empty());
    let mut found = Vec::new();

    for (key, variable) in [("secret", "JWT_SECRET_KEY"), ("algorithm", "JWT_ALGORITHM")] {
        found.extend(get(variable).map(|value| FromEnv { key, variable, value }));
    }
    for (key, variable) in [
        ("access_ttl", "JWT_ACCESS_TOKEN_EXPIRE_MINUTES"),
        ("refresh_ttl", "JWT_REFRESH_TOKEN_EXPIRE_MINUTES"),
    ] {
        if let Some(minutes) = get(variable) {
            let minutes: u32 = minutes
                .parse()
                .map_err(|_| StartupError::setting(variable, "must be a whole number of minutes", "15"))?;
            found.push(FromEnv { key, variable, value: format!("{minutes}m") });
        }
    }
    found.extend(redis(&get)?);
    Ok(found)
}

fn redis(get: &dyn Fn(&str) -> Option<String>) -> Result<Option<FromEnv>, StartupError> {
    if let Some(value) = get("REDIS_URL") {
        return Ok(Some(FromEnv { key: "redis", variable: "REDIS_URL", value }));
    }
    // Kubernetes sets REDIS_PORT=tcp://… in pods if there is a service called redis, so the port alone means nothing.
    let Some(host) = get("REDIS_HOST") else { return Ok(None) };
    let port = match get("REDIS_PORT") {
        None => 6379,
        Some(port) => port
            .parse::<u16>()
            .map_err(|_| StartupError::setting("REDIS_PORT", "must be a port number", "6379"))?,
    };
    let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    Ok(Some(FromEnv { key: "redis", variable: "REDIS_HOST", value: format!("redis://{host}:{port}") }))
}
