//! Sessions that a browser names with its cookies.

use super::{Presented, Sessions};
use crate::error::AuthError;

impl Sessions {
    /// Ends the session that an access token names, even if the token has expired. Returns whether there was one.
    pub(crate) async fn end_named_session(&self, access_token: &str) -> Result<bool, AuthError> {
        let Some(named) = self.verifier.named_session(access_token) else { return Ok(false) };
        let owner = self.signer.owner(named.kind.as_deref(), &named.subject);
        self.end_family(&owner, named.sid).await
    }

    /// Whether both tokens, of which the first may have expired, belong to one session.
    pub(crate) fn are_of_one_session(&self, access_token: &str, refresh_token: &str) -> bool {
        let Some(named) = self.verifier.named_session(access_token) else { return false };
        Presented::read(&self.verifier, &self.signer, refresh_token, None).is_ok_and(|presented| {
            presented.sid == named.sid
                && presented.owner == self.signer.owner(named.kind.as_deref(), &named.subject)
        })
    }
}
