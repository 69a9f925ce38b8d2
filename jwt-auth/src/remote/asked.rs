//! The keys that a token asks for.

use super::Looked;
use crate::claims::{Kind, Text, claim};
use crate::error::AuthError;
use crate::keyring::OtherIssuer;
use crate::verifier::{Verifier, unverified};

impl Verifier {
    /// Sees that the keys of the issuer which a token names are at hand, if they are fetched and claims of its are
    /// among these kinds. What the token says is not verified: whoever lies about it is refused afterwards.
    ///
    /// # Errors
    ///
    /// Its key is not at hand, and nobody can say whether the issuer publishes one of that name.
    pub(crate) async fn fetch_keys_for(&self, token: &str, kinds: &[Kind]) -> Result<(), AuthError> {
        let Some((issuer, kid)) = self.remote_of(token, kinds) else { return Ok(()) };
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

    /// The issuer that a token names, if its keys are fetched, and the name of the key.
    fn remote_of(&self, token: &str, kinds: &[Kind]) -> Option<(&OtherIssuer, Option<String>)> {
        let is_asked_for = |issuer: &&OtherIssuer| {
            issuer.remote.is_some() && kinds.iter().any(|kind| kind.issuer == Some(&issuer.name))
        };
        self.others().iter().find(is_asked_for)?;
        let (kid, payload) = unverified(token)?;
        let Text(name) = claim(&payload, "iss").ok()??;
        let issuer = self.others().iter().filter(is_asked_for).find(|issuer| issuer.name == name)?;
        Some((issuer, kid))
    }
}
