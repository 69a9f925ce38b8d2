//! ID tokens (OpenID Connect Core, section 2), which have the same form as access tokens.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::error::InvalidToken;

/// The claims that only ID tokens have.
#[derive(Deserialize)]
struct Marks {
    at_hash: Option<IgnoredAny>,
    c_hash: Option<IgnoredAny>,
    /// Amazon Cognito.
    token_use: Option<Value>,
    /// Keycloak.
    typ: Option<Value>,
}

/// Rejects a token that is recognizably an ID token.
pub(super) fn reject_id_token(payload: &str) -> Result<(), InvalidToken> {
    let marks: Marks = serde_json::from_str(payload).map_err(|error| InvalidToken::unreadable(&error))?;
    let is_id = |mark: Option<Value>| {
        mark.as_ref().and_then(Value::as_str).is_some_and(|mark| mark.eq_ignore_ascii_case("id"))
    };
    match marks.at_hash.is_some() || marks.c_hash.is_some() || is_id(marks.token_use) || is_id(marks.typ) {
        true => Err(InvalidToken::IdToken),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_tokens_are_recognized() {
        for (payload, expected) in [
            (r#"{"sub":"ann","at_hash":"x"}"#, Err(InvalidToken::IdToken)),
            (r#"{"sub":"ann","c_hash":"x"}"#, Err(InvalidToken::IdToken)),
            (r#"{"sub":"ann","token_use":"id"}"#, Err(InvalidToken::IdToken)),
            (r#"{"sub":"ann","typ":"ID"}"#, Err(InvalidToken::IdToken)),
            (r#"{"sub":"ann","token_use":"access","typ":"Bearer"}"#, Ok(())),
            (r#"{"sub":"ann","token_use":5,"typ":["ID"]}"#, Ok(())),
            (r#"{"sub":"ann","at_hash":null}"#, Ok(())),
            (r#"{"sub":"ann","idp":"id"}"#, Ok(())),
        ] {
            assert_eq!(reject_id_token(payload), expected, "{payload}");
        }
    }
}
