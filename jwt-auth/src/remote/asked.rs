//! The keys that a token asks for.

use crate::claims::{Text, claim};
use crate::error::AuthError;
use crate::keyring::OtherIssuer;
use crate::verifier::{Verifier, unverified};

impl Verifier {
    /// Sees that the keys of the issuer which a token names are at hand, if they are fetched. What the token says is
    /// not verified: whoever lies about it is refused afterwards.
    ///
    /// # Errors
    ///
    /// There are none at hand, so nobody can say whether the token is good.
    pub(crate) async fn fetch_keys_for(&self, token: &str) -> Result<(), AuthError> {
        let Some((issuer, kid)) = self.remote_of(token) else { return Ok(()) };
        if let Some(remote) = &issuer.remote
            && !issuer.keys.load().knows(kid.as_deref())
        {
            remote.look_for(kid.as_deref(), &issuer.keys).await;
        }
        match issuer.keys.load().is_empty() {
            true => Err(AuthError::unavailable(format!("the keys of {} could not be fetched", issuer.name))),
            false => Ok(()),
        }
    }

    /// The issuer that a token names, if its keys are fetched, and the key.
    fn remote_of(&self, token: &str) -> Option<(&OtherIssuer, Option<String>)> {
        if self.others().iter().all(|issuer| issuer.remote.is_none()) {
            return None;
        }
        let (kid, payload) = unverified(token)?;
        let Text(name) = claim(&payload, "iss").ok()??;
        let issuer = self.others().iter().find(|issuer| issuer.name == name)?;
        issuer.remote.is_some().then_some((issuer, kid))
    }
}
