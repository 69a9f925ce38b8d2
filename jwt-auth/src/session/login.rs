//! Login, which begins a session.

use std::sync::Arc;

use super::lifetime::{Lifetime, Lifetimes, SessionLifetimes};
use super::{ReauthenticationOptions, Sessions, TokenPair};
use crate::claims::{Body, Claims, SignInClaims};
use crate::error::AuthError;
use crate::event::{EndReason, Event, Identity};
use crate::family::{Device, Family};
use crate::owner::{Owner, Revision};
use crate::revocation::Revocation;

/// The options of a login.
#[derive(Default)]
pub(crate) struct LoginOptions {
    pub(crate) device: Device,
    pub(crate) acr: Option<Arc<str>>,
    /// Whether a browser remembers the session when it is closed.
    pub(crate) remember: bool,
    pub(crate) lifetimes: Lifetimes,
    /// How long `acr` counts.
    pub(crate) elevated_for: Option<Lifetime>,
}

/// A session that is about to begin.
pub(crate) struct NewSession {
    pub(crate) owner: Owner,
    pub(crate) family: Family,
    body: Body,
    pub(crate) sign_in: SignInClaims,
}

impl Sessions {
    /// Begins a session for a user who has just signed in.
    pub(crate) async fn login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<TokenPair, AuthError> {
        let new = self.prepare_login(claims, options)?;
        self.begin_session(&new).await
    }

    /// Stores a session, and signs its first tokens.
    async fn begin_session(&self, new: &NewSession) -> Result<TokenPair, AuthError> {
        self.begin_and_sign(&new.owner, &new.family, async |revision| self.sign_first(new, revision)).await
    }

    /// Prepares a login: checks that this app can sign the claims, and creates a family, which is not stored yet.
    pub(crate) fn prepare_login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<NewSession, AuthError> {
        let body = self.signer.prepare(claims)?;
        let owner = self.signer.owner(body.profile.audience, &claims.subject());
        let SessionLifetimes { own_idle, idle, absolute } = options.lifetimes.resolve(&self.settings)?;
        let mut family = Family::begin(self.now(), idle, absolute, options.device);
        let mut acr = options.acr;
        if options.elevated_for.is_some() {
            // What counts for a limited time is not part of the sign-in that the session goes back to.
            let acr = acr.take().map(|acr| (*acr).to_owned());
            let elevation = ReauthenticationOptions { acr, elevated_for: options.elevated_for };
            let elevation = elevation.elevation(family.created_at)?;
            // The sign-in was at the same time, so without an `acr` the elevation would add nothing.
            family.elevation = Some(elevation).filter(|elevation| elevation.acr.is_some());
        }
        let sign_in = SignInClaims {
            acr,
            remember: options.remember,
            idle: own_idle,
            ..SignInClaims::at(family.created_at)
        };
        Ok(NewSession { owner, family, body, sign_in })
    }

    /// Signs the first tokens of a session.
    pub(crate) fn sign_first(&self, new: &NewSession, revision: Revision) -> Result<TokenPair, AuthError> {
        self.sign_pair(&new.owner, &new.body, &new.family, &new.sign_in, revision)
    }

    /// Begins a session, and signs only its refresh token.
    pub(crate) async fn create_refresh_token(&self, owner: &Owner) -> Result<String, AuthError> {
        let family = self.new_family(Device::default());
        let sign_in = SignInClaims::at(family.created_at);
        self.signer.check(&Body::refresh(owner.subject(), owner.kind(), &sign_in)?)?;
        let sign = async |revision| self.sign_refresh_token(owner, &family, &sign_in, revision);
        self.begin_and_sign(owner, &family, sign).await
    }

    /// Stores a family that has just begun, and signs its first tokens, which contain the revision. If `sign` fails, ends
    /// the family. Reports the login, or the end, to the observers.
    pub(super) async fn begin_and_sign<T>(
        &self,
        owner: &Owner,
        family: &Family,
        sign: impl AsyncFnOnce(Revision) -> Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        let revision = self.begin(owner, family).await?;
        let signed = sign(revision).await;
        match &signed {
            Err(_) => self.end_or_report(owner, family.sid, EndReason::Undelivered).await,
            Ok(_) => {
                let (identity, session, device) = (Identity::of(owner), family.sid, &family.device);
                self.observers.emit(match family.has_refresh_token() {
                    true => Event::SignedIn { identity, session: Some(session), device },
                    false => Event::TokenIssued { identity, session, device },
                });
            }
        }
        signed
    }

    pub(crate) fn new_family(&self, device: Device) -> Family {
        Family::begin(self.now(), self.settings.refresh_ttl, self.settings.session_ttl, device)
    }

    /// Stores a family that has just begun, and returns the revision of its owner.
    pub(crate) async fn begin(&self, owner: &Owner, family: &Family) -> Result<Revision, AuthError> {
        let context = self.context(owner);
        let max_sessions = self.settings.max_sessions;
        let inserted =
            self.store.call("insert", |store| store.insert(owner, family, max_sessions, &context)).await?;
        for session in inserted.dropped {
            self.revoke(Revocation::Session(owner.digest(), session));
            self.long_lived.forget(session);
            let identity = Identity::of(owner);
            self.observers.emit(Event::SessionEnded { identity, session, reason: EndReason::Limit });
        }
        Ok(inserted.revision)
    }
}
