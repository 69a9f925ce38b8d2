//! What the parts of a token mean, in words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jwt_auth::clock::Timestamp;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use serde_json::Value;

/// What a parameter of the header is (RFC 7515, section 4.1).
pub(crate) fn parameter(name: &str, value: &Value) -> String {
    let text = match (name, value.as_str()) {
        ("alg", Some("none")) => "unsigned: no app accepts it (RFC 8725, section 3.2)",
        ("alg", _) => "the algorithm of the signature; it must be that of the key",
        ("typ", Some("at+jwt")) => "an access token (RFC 9068)",
        ("typ", Some("rt+jwt")) => "a refresh token: only /refresh and /logout take it",
        ("typ", _) => "the kind of token",
        ("kid", _) => "the name of the key that signed it",
        ("crit", _) => "extensions that must be understood; none is, so it is refused",
        ("jwk" | "jku" | "x5u" | "x5c", _) => {
            "a key that the token brings along; it is never used (RFC 8725, section 3.10)"
        }
        _ => "not looked at",
    };
    text.to_owned()
}

/// What a claim is (RFC 7519, section 4.1; RFC 9068, section 2.2).
pub(crate) fn claim(name: &str, value: &Value) -> String {
    let at = |what: &str| match value.as_u64() {
        Some(seconds) => format!("{what} {}", date(seconds)),
        None => format!("{what} a time, and this is none"),
    };
    let text = match name {
        "iss" => "who issued it; it must be the setting `issuer`, if that is set",
        "sub" => "whom it is about",
        "aud" => "for whom it is; it must name one of the setting `audience`, if that is set",
        "exp" => return at("expires"),
        "nbf" => return at("good from"),
        "iat" => return at("issued"),
        "auth_time" => return at("its user signed in"),
        "jti" => "the id of the token",
        "sid" => "the id of its session, which `jwt-auth revoke` can end",
        "acr" => "the way in which its user signed in",
        "ver" => "the version of the claims",
        "gen" => "how often its session was refreshed",
        _ => "the app's own",
    };
    text.to_owned()
}

/// Why an app refuses a token, and where to look.
pub(crate) fn refusal(error: &AuthError) -> String {
    match error {
        AuthError::InvalidToken(reason) | AuthError::InvalidGrant(InvalidGrant::Token(reason)) => {
            token(reason)
        }
        AuthError::InvalidGrant(InvalidGrant::Unknown) => {
            "its session is not there: it was ended, or the app keeps its sessions elsewhere".to_owned()
        }
        AuthError::InvalidGrant(InvalidGrant::Expired) => "its session has ended by itself".to_owned(),
        AuthError::InvalidGrant(InvalidGrant::Reused) => "it was used before".to_owned(),
        other => other.to_string(),
    }
}

fn token(reason: &InvalidToken) -> String {
    let text = match reason {
        InvalidToken::TooLong => "it is longer than any that is looked at, 8 KiB",
        InvalidToken::Malformed => "it is not three parts of base64url with JSON in the first two",
        InvalidToken::WrongType => "its `typ` is that of another kind of token",
        InvalidToken::WrongAlgorithm => "its `alg` is not the one of the key",
        InvalidToken::UnknownKey => {
            "no key that is in force has its `kid`; `jwt-auth jwks` lists those that have one"
        }
        InvalidToken::Critical => "it asks for extensions with `crit`, and none is supported",
        InvalidToken::BadSignature => "it was not signed with the key of the app, or was changed since",
        InvalidToken::BadClaims(what) => return format!("its claims are not good: {}", what.escape_debug()),
        InvalidToken::Expired => "it has expired",
        InvalidToken::NotYetValid => "it is not good yet; if it should be, compare the clocks",
        InvalidToken::WrongIssuer => "its `iss` is not the setting `issuer`",
        InvalidToken::WrongAudience => "its `aud` names none of the setting `audience`",
        InvalidToken::Revoked => "its session was ended",
        other => return format!("{other:?}"),
    };
    text.to_owned()
}

/// A time, and how far off it is.
pub(crate) fn time(time: Timestamp) -> String {
    date(time.as_secs())
}

/// How long ago it was.
pub(crate) fn age(time: Timestamp) -> String {
    distance(time.as_secs())
}

fn date(seconds: u64) -> String {
    // Later ones are no dates that a calendar shows.
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
        // Two units are enough to read.
        let text = humantime::format_duration(Duration::from_secs(seconds)).to_string();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    match seconds.cmp(&now) {
        std::cmp::Ordering::Less => format!("{} ago", show(now - seconds)),
        std::cmp::Ordering::Equal => "now".to_owned(),
        std::cmp::Ordering::Greater => format!("in {}", show(seconds - now)),
    }
}
