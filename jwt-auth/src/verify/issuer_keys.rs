//! Fetches the keys that a token needs, before the token is verified.

use super::Verifier;
use super::claims_type::ClaimsType;
use crate::claims::claim;
use crate::config::LONGEST_TOKEN;
use crate::error::{AuthError, InvalidToken};
use crate::json::Text;
use crate::jws::{Compact, with_header};
use crate::keyring::TrustedIssuer;

impl Verifier {
    /// Makes sure that the keys of the issuer that a token names are available, if they are fetched and the claims type
    /// accepts that issuer. Nothing in the token has been verified yet; if it names the wrong issuer, it is rejected
    /// later.
    ///
    /// # Errors
    ///
    /// Returns an error if the key of the token is not available, and its issuer does not answer.
    pub(crate) async fn fetch_keys(&self, token: &str, claims: &ClaimsType) -> Result<(), AuthError> {
        let Some((issuer, kid)) = self.remote_issuer(token, claims) else { return Ok(()) };
        require(issuer, kid).await
    }

    /// Makes sure that the key of a token of this trusted issuer is available, if its keys are fetched.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is not available, and the issuer does not answer.
    pub(crate) async fn fetch_keys_of(&self, issuer: &TrustedIssuer, token: &str) -> Result<(), AuthError> {
        require(issuer, kid(&Compact::parse_within(token, issuer.max_token_length)?)?).await
    }

    /// Returns the issuer that a token names, if its keys are fetched, and the token's `kid`. Returns `None` for a
    /// cached token, which has been verified with the keys in force.
    fn remote_issuer(&self, token: &str, claims: &ClaimsType) -> Option<(&TrustedIssuer, Option<String>)> {
        let trusted = &self.keyring.trusted;
        let is_candidate = |issuer: &&TrustedIssuer| {
            issuer.remote.is_some()
                && claims.profiles.iter().any(|profile| profile.issuer == Some(&issuer.name))
        };
        trusted.iter().find(is_candidate)?;
        if self.cache.get(token, &self.keyring).is_some_and(|entry| entry.auth(claims).is_some()) {
            return None;
        }
        let token = Compact::parse_within(token, LONGEST_TOKEN).ok()?;
        let kid = kid(&token).ok()?;
        let json = token.payload().ok()?;
        let Text(name) = claim(&json, "iss").ok()??;
        let issuer = trusted.iter().filter(is_candidate).find(|issuer| issuer.issuer == name)?;
        Some((issuer, kid))
    }
}

async fn require(issuer: &TrustedIssuer, kid: Option<String>) -> Result<(), AuthError> {
    let Some(remote) = &issuer.remote else { return Ok(()) };
    remote.require(kid.as_deref(), &issuer.keys).await.map_err(AuthError::unavailable)
}

/// Returns the name of the key that signed a token, according to its header.
fn kid(token: &Compact<'_>) -> Result<Option<String>, InvalidToken> {
    with_header(token.header, |header| Ok(header.kid.as_deref().map(str::to_owned)))
}
