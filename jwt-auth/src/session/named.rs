//! Sessions that a browser names with its cookies.

use uuid::Uuid;

use super::{Presented, Sessions};
use crate::error::AuthError;
use crate::event::EndReason;
use crate::owner::Owner;

impl Sessions {
    /// Ends the session that an access token names because its user signs out, even if the token has expired. Returns whether there was one.
    pub(crate) async fn end_named_session(&self, access_token: &str) -> Result<bool, AuthError> {
        match self.named_session(access_token) {
            Some((owner, sid)) => self.end_family(&owner, sid, EndReason::Logout).await,
            None => Ok(false),
        }
    }

    /// Ends the session that an access token names, because its browser has signed in again.
    pub(crate) async fn end_replaced_session(&self, access_token: &str) {
        if let Some((owner, sid)) = self.named_session(access_token) {
            self.end_or_report(&owner, sid, EndReason::Replaced).await;
        }
    }

    /// Returns whether both tokens belong to one session. The access token may have expired.
    pub(crate) fn are_of_one_session(&self, access_token: &str, refresh_token: &str) -> bool {
        let Some((owner, sid)) = self.named_session(access_token) else { return false };
        Presented::read(&self.verifier, &self.signer, refresh_token, None)
            .is_ok_and(|presented| presented.sid == sid && presented.owner == owner)
    }

    /// Returns the owner and the id of the session that an access token names.
    pub(crate) fn named_session(&self, access_token: &str) -> Option<(Owner, Uuid)> {
        let named = self.verifier.named_session(access_token)?;
        Some((self.signer.owner(named.kind.as_deref(), &named.subject), named.sid))
    }
}
