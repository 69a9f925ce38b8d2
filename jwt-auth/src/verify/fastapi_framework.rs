//! Access tokens of fastapi_framework, `{…data, exp}`, while the app accepts them.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::Verifier;
use super::checks::read;
use crate::auth::{TokenInfo, Validity};
use crate::claims::{Claims, Decoded, Dialect, Profile, Registered, SignInClaims, SubjectClaims};
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::jws::{TokenType, digest_id};

impl Verifier {
    /// Verifies the signature of a token, and returns its payload.
    pub(crate) fn legacy_signature(&self, token: &str) -> Result<String, InvalidToken> {
        self.own_signature(token, TokenType::Jwt)
    }

    /// Reads the claims of an access token, and checks its dates, its issuer and its audience.
    ///
    /// The token does not say when it was issued. The app assumes `access_ttl` before its `exp`, and rejects a token
    /// that lives longer, because the revocation of such a token would be forgotten too early.
    pub(super) fn check_legacy<C: Claims>(
        &self,
        json: &str,
        number: usize,
        now: Timestamp,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        // The token has no audience that could distinguish it from others.
        if C::CODEC.profile(number).audience.is_some() {
            return Err(InvalidToken::wrong_audience());
        }
        if is_refresh_token(json) {
            return Err(InvalidToken::WrongType);
        }
        let Decoded { claims, registered } = read::<C>(json, Dialect::FastapiFramework, number)?;
        self.check_legacy_names(&registered)?;
        let expires_at =
            registered.exp.map(Timestamp::from).ok_or_else(|| InvalidToken::missing_claim("exp"))?;
        let not_before = registered.nbf.max(registered.iat).map(Timestamp::from);
        let validity = Validity::new(not_before, expires_at, self.settings.leeway);
        validity.check(now)?;
        if expires_at > now + self.settings.access_ttl + self.settings.leeway {
            return Err(InvalidToken::BadClaims(
                "`exp` is later than `access_ttl` allows: set `access_ttl`, or JWT_ACCESS_TOKEN_EXPIRE_MINUTES, to the \
                 value that the Python service uses"
                    .to_owned(),
            ));
        }
        let info = TokenInfo {
            issued_at: expires_at.before(self.settings.access_ttl),
            expires_at,
            validity,
            token_id: digest_id(json),
            session_id: None,
            generation: None,
            revision: None,
            kind: None,
            sign_in: SignInClaims::default(),
            is_own: true,
        };
        Ok((claims, info))
    }

    /// Checks `iss` and `aud`. The other service does not write them, but if they are present, they must be those of
    /// this app.
    fn check_legacy_names(&self, registered: &Registered<'_>) -> Result<(), InvalidToken> {
        let own = self.settings.issuer.as_deref();
        if registered.iss.is_some() && own.is_some() && registered.iss.as_deref() != own {
            return Err(InvalidToken::WrongIssuer);
        }
        match &registered.aud {
            Some(audience) if !self.settings.audience.iter().any(|one| audience.names(one)) => {
                Err(InvalidToken::wrong_audience())
            }
            _ => Ok(()),
        }
    }
}

/// Returns every possible subject of a token, for claims that do not name it: every number and string in its data. A
/// value that is not the subject may cause an unnecessary refresh, but without these values, a revoked token would be
/// accepted.
pub(super) fn subjects(json: &str, profile: Profile) -> Vec<String> {
    if !profile.is_of::<SubjectClaims>() {
        return Vec::new();
    }
    let data: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let text = |value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    data.into_iter().filter(|(name, _)| name != "exp").filter_map(|(_, value)| text(value)).collect()
}

/// Returns whether a payload contains no other claims than a refresh token does.
pub(crate) fn is_refresh_token(json: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Names {
        #[serde(rename = "user_id")]
        _user_id: Option<IgnoredAny>,
        #[serde(rename = "exp")]
        _exp: Option<IgnoredAny>,
    }

    serde_json::from_str::<Names>(json).is_ok()
}
