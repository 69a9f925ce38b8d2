//! Explains the parts of a token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jwt_auth::clock::Timestamp;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use serde_json::Value;

/// Explains a header parameter (RFC 7515, section 4.1).
pub(crate) fn parameter(name: &str, value: &Value) -> String {
    let text = match (name, value.as_str()) {
        ("alg", Some("none")) => "unsigned, so no app accepts it (RFC 8725, section 3.2)",
        ("alg", _) => "the algorithm of the signature, which must be that of the key",
        ("typ", Some("at+jwt")) => "an access token (RFC 9068)",
        ("typ", Some("rt+jwt")) => "a refresh token, which only the refresh and logout routes accept",
        ("typ", _) => "the type of token",
        ("kid", _) => "the name of the key that signed the token",
        ("crit", _) => "required extensions; none are supported, so the token is rejected",
        ("jwk" | "jku" | "x5u" | "x5c", _) => {
            "a key in the token itself, which is never used (RFC 8725, section 3.10)"
        }
        _ => "ignored",
    };
    text.to_owned()
}

/// Explains a claim (RFC 7519, section 4.1; RFC 9068, section 2.2).
pub(crate) fn claim(name: &str, value: &Value) -> String {
    let at = |what: &str| match value.as_u64() {
        Some(seconds) => format!("{what} {}", date(seconds)),
        None => format!("{what}: not a valid time"),
    };
    let text = match name {
        "iss" => "the issuer, which must match the setting `issuer` if that is set",
        "sub" => "the subject, such as the id of a user",
        "aud" => "the audience, which must include one from the setting `audience` if that is set",
        "exp" => return at("expires"),
        "nbf" => return at("valid from"),
        "iat" => return at("issued"),
        "auth_time" => return at("user signed in"),
        "jti" => "the id of the token",
        "sid" => "the id of the session, which `jwt-auth revoke` can end",
        "acr" => "how the user signed in",
        "ver" => "the version of the claims",
        "gen" => "how often the session was refreshed",
        "rev" => "the revision of the subject's tokens, which a logout everywhere increases",
        _ => "a claim of the app",
    };
    text.to_owned()
}

/// Explains why an app rejects a token, and where to look.
pub(crate) fn refusal(error: &AuthError) -> String {
    match error {
        AuthError::InvalidToken(reason) | AuthError::InvalidGrant(InvalidGrant::Token(reason)) => {
            token(reason)
        }
        AuthError::InvalidGrant(InvalidGrant::Unknown) => {
            "its session does not exist: it was ended, or the app stores its sessions elsewhere".to_owned()
        }
        AuthError::InvalidGrant(InvalidGrant::Expired) => "its session has expired".to_owned(),
        AuthError::InvalidGrant(InvalidGrant::Reused) => {
            "it was used before, so its session was ended".to_owned()
        }
        other => other.to_string(),
    }
}

fn token(reason: &InvalidToken) -> String {
    let text = match reason {
        InvalidToken::TooLong => "it is longer than 8 KiB",
        InvalidToken::Malformed => "it does not consist of three parts in base64url, the first two with JSON",
        InvalidToken::WrongType => "its `typ` belongs to another type of token",
        InvalidToken::WrongAlgorithm => "its `alg` is not the algorithm of the key",
        InvalidToken::UnknownKey => {
            "no key in force has its `kid`; `jwt-auth jwks` lists the keys that have one"
        }
        InvalidToken::Critical => "its `crit` requires extensions, and none are supported",
        InvalidToken::BadSignature => "it was not signed with the app's key, or was modified afterwards",
        InvalidToken::BadClaims(what) => return format!("its claims are not valid: {}", what.escape_debug()),
        InvalidToken::Expired => "it has expired",
        InvalidToken::NotYetValid => "it is not valid yet; if it should be, compare the clocks",
        InvalidToken::WrongIssuer => "its `iss` does not match the setting `issuer`",
        InvalidToken::WrongAudience { .. } => {
            "its `aud` does not include any audience from the setting `audience`"
        }
        InvalidToken::Revoked => "its session was ended, or the token itself was revoked",
        other => return format!("{other:?}"),
    };
    text.to_owned()
}

/// Formats a time, and how far away it is.
pub(crate) fn time(time: Timestamp) -> String {
    date(time.as_secs())
}

/// Formats how long ago a time was.
pub(crate) fn age(time: Timestamp) -> String {
    distance(time.as_secs())
}

fn date(seconds: u64) -> String {
    // Later dates cannot be formatted.
    match seconds <= 253_402_300_799 {
        true => {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            format!("{} ({})", humantime::format_rfc3339_seconds(time), distance(seconds))
        }
        false => "after the year 9999".to_owned(),
    }
}

fn distance(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let show = |seconds: u64| {
        // Two units are precise enough.
        let text = humantime::format_duration(Duration::from_secs(seconds)).to_string();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    match seconds.cmp(&now) {
        std::cmp::Ordering::Less => format!("{} ago", show(now - seconds)),
        std::cmp::Ordering::Equal => "now".to_owned(),
        std::cmp::Ordering::Greater => format!("in {}", show(seconds - now)),
    }
}
