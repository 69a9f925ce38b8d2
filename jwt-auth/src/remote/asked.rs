//! The keys that a token asks for.

use super::Looked;
use crate::claims::{Claims, Text, claim};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::keyring::OtherIssuer;
use crate::verifier::unverified;

impl JwtAuth {
    /// Sees that the keys of the issuer which a token names are at hand, if they are fetched and a `C` may be of
    /// its. What the token says is not verified: whoever lies about it is refused afterwards.
    ///
    /// # Errors
    ///
    /// Its key is not at hand, and nobody can say whether the issuer publishes one of that name.
    pub(crate) async fn fetch_keys_for<C: Claims>(&self, token: &str) -> Result<(), AuthError> {
        let Some((issuer, kid)) = self.remote_of::<C>(token) else { return Ok(()) };
        let Some(remote) = &issuer.remote else { return Ok(()) };
        if issuer.keys.load().knows(kid.as_deref()) {
            return Ok(());
        }
        match remote.look_for(kid.as_deref(), &issuer.keys).await {
            Looked::Published => Ok(()),
            Looked::Unknown => {
                Err(AuthError::unavailable(format!("the keys of {} could not be fetched", issuer.name)))
            }
        }
    }

    /// The issuer that a token names, if its keys are fetched, and the name of the key. None of one that is
    /// remembered: it was verified by the keys that are in force.
    fn remote_of<C: Claims>(&self, token: &str) -> Option<(&OtherIssuer, Option<String>)> {
        let others = &self.keyring().others;
        let is_asked_for = |issuer: &&OtherIssuer| {
            issuer.remote.is_some() && C::KINDS.iter().any(|kind| kind.issuer == Some(&issuer.name))
        };
        others.iter().find(is_asked_for)?;
        if self.remembered().get(token, self.keyring()).is_some_and(|known| known.auth::<C>().is_some()) {
            return None;
        }
        let (kid, payload) = unverified(token)?;
        let Text(name) = claim(&payload, "iss").ok()??;
        let issuer = others.iter().filter(is_asked_for).find(|issuer| issuer.name == name)?;
        Some((issuer, kid))
    }
}
