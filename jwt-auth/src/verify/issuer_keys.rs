//! The keys that a token needs: fetched before it is verified.

use super::Verifier;
use crate::claims::{Claims, claim};
use crate::error::AuthError;
use crate::json::Text;
use crate::jws::{Compact, with_header};
use crate::keyring::TrustedIssuer;

impl Verifier {
    /// Makes sure that the keys of the issuer that a token names are at hand, if they are fetched and the claims type may
    /// be of that issuer. Nothing in the token is verified yet; if it lies, it is rejected afterwards.
    ///
    /// # Errors
    ///
    /// The key of the token is not at hand, and its issuer does not answer.
    pub(crate) async fn fetch_keys<C: Claims>(&self, token: &str) -> Result<(), AuthError> {
        let Some((issuer, kid)) = self.remote_issuer::<C>(token) else { return Ok(()) };
        let Some(remote) = &issuer.remote else { return Ok(()) };
        remote.require(kid.as_deref(), &issuer.keys).await.map_err(AuthError::unavailable)
    }

    /// Returns the issuer that a token names, if its keys are fetched, and the name of the key. Returns `None` for a
    /// cached token, which was verified with the keys in force.
    fn remote_issuer<C: Claims>(&self, token: &str) -> Option<(&TrustedIssuer, Option<String>)> {
        let trusted = &self.keyring.trusted;
        let is_candidate = |issuer: &&TrustedIssuer| {
            issuer.remote.is_some() && C::CODEC.iter().any(|profile| profile.issuer == Some(&issuer.name))
        };
        trusted.iter().find(is_candidate)?;
        if self.cache.get(token, &self.keyring).is_some_and(|entry| entry.auth::<C>().is_some()) {
            return None;
        }
        let token = Compact::parse(token).ok()?;
        let kid = with_header(token.header, |header| Ok(header.kid.as_deref().map(str::to_owned))).ok()?;
        let json = token.payload().ok()?;
        let Text(name) = claim(&json, "iss").ok()??;
        let issuer = trusted.iter().filter(is_candidate).find(|issuer| issuer.name == name)?;
        Some((issuer, kid))
    }
}
