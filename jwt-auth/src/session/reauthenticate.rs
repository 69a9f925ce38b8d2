//! Reauthentication, which elevates a session: its user signs in again, and the session continues.

use super::lifetime::Lifetime;
use super::{Presented, Sessions, TokenPair};
use crate::claims::{Body, Claims, SignInClaims};
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::event::{Event, Identity};
use crate::family::Elevation;

/// The options of a reauthentication.
#[derive(Default)]
pub(crate) struct ReauthenticationOptions {
    pub(crate) acr: Option<String>,
    pub(crate) elevated_for: Option<Lifetime>,
}

impl ReauthenticationOptions {
    /// Returns the elevation of a session whose user signs in again now.
    ///
    /// # Errors
    ///
    /// An option is not valid.
    pub(super) fn elevation(self, now: Timestamp) -> Result<Elevation, AuthError> {
        let acr = self.acr.filter(|acr| !acr.is_empty());
        if let Some(acr) = &acr
            && acr.len() > Elevation::LONGEST_ACR
        {
            let longest = Elevation::LONGEST_ACR;
            return Err(AuthError::internal(format!(
                "`acr` has {} bytes; the maximum of a reauthentication, or with `elevated_for`, is {longest}",
                acr.len()
            )));
        }
        let elevated_for = self.elevated_for.map(|duration| duration.get("elevated_for")).transpose()?;
        let until = elevated_for.map_or(Timestamp::MAX, |duration| now + duration);
        Ok(Elevation::new(now, until, acr))
    }
}

impl Sessions {
    /// Exchanges a refresh token for a new pair with a new sign-in, in one round trip to the store.
    pub(crate) async fn reauthenticate<C: Claims>(
        &self,
        token: &str,
        claims: &C,
        options: ReauthenticationOptions,
    ) -> Result<TokenPair, AuthError> {
        let presented = self.verify_refresh_token(token)?;
        let body = self.signer.prepare(claims)?;
        // The session is live, so the client must keep its tokens.
        if body.profile.audience != presented.owner.kind() || claims.subject() != presented.owner.subject() {
            return Err(AuthError::InvalidCredentials);
        }
        let elevation = options.elevation(self.now())?;
        let elevated = self.elevate(&presented, &body, elevation).await;
        elevated.inspect_err(|error| self.report_refused(Some(&presented), error))
    }

    async fn elevate(
        &self,
        presented: &Presented,
        body: &Body,
        elevation: Elevation,
    ) -> Result<TokenPair, AuthError> {
        let (family, revision) = self.rotate(presented, Some(elevation.clone())).await?;
        if family.elevation.as_ref() != Some(&elevation) {
            return Err(AuthError::internal(
                "the store has lost the new sign-in of a session: its `compare_and_swap` must apply `Family::swap`, and \
                 return the elevation that it recorded",
            ));
        }
        let pair = self.sign_pair(&presented.owner, body, &family, &presented.sign_in, revision)?;
        self.observers.emit(Event::Elevated {
            identity: Identity::of(&presented.owner),
            session: presented.sid,
            acr: elevation.acr.as_deref(),
        });
        Ok(pair)
    }
}

/// Returns the sign-in that the access tokens of an elevated session contain.
pub(super) fn sign_in(elevation: &Elevation) -> SignInClaims {
    SignInClaims { acr: elevation.acr.as_deref().map(Into::into), ..SignInClaims::at(elevation.auth_time) }
}
