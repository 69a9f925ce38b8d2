//! Tokens for tests.

use std::collections::BTreeMap;

use rocket::futures::FutureExt;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::claims::{Body, Claims, SignInClaims, Stamp};
use crate::clock::Timestamp;
use crate::error::{AuthError, StoreError};
use crate::jws::TokenType;
use crate::jwt_auth::JwtAuth;
use crate::keyring::TrustedIssuer;
use crate::owner::Revision;
use crate::session::{LoginOptions, TokenPair};

impl JwtAuth {
    /// Issues a valid access token. If this app issues such tokens, it belongs to a session that begins now.
    pub(super) fn valid_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let body = C::CODEC.write(claims)?;
        match self.issuer_of(&body) {
            None => Ok(self.login_at_once(claims)?.access_token),
            Some(issuer) => self.sign_as(issuer, &body, self.now(), &SignInClaims::default()),
        }
    }

    /// Issues a valid access token of a user who signed in like this.
    pub(super) fn access_token_after<C: Claims>(
        &self,
        claims: &C,
        sign_in: SignInClaims,
    ) -> Result<String, AuthError> {
        let body = C::CODEC.write(claims)?;
        match self.issuer_of(&body) {
            None => Ok(self.begin_at_once(claims, Some(sign_in))?.access_token),
            Some(issuer) => self.sign_as(issuer, &body, self.now(), &sign_in),
        }
    }

    /// Issues a valid access token that belongs to no session, or `None` if this app does not issue such tokens.
    pub(super) fn token_without_session<C: Claims>(&self, claims: &C) -> Option<String> {
        let body = C::CODEC.write(claims).ok()?;
        match self.issuer_of(&body) {
            None => self
                .engine()
                .sign_access_token(&body, self.now(), self.verifier().access_ttl(), Revision::default())
                .ok(),
            Some(_) => None,
        }
    }

    /// Begins a session without waiting, because the store in memory answers at once.
    pub(super) fn login_at_once<C: Claims>(&self, claims: &C) -> Result<TokenPair, AuthError> {
        self.begin_at_once(claims, None)
    }

    fn begin_at_once<C: Claims>(
        &self,
        claims: &C,
        sign_in: Option<SignInClaims>,
    ) -> Result<TokenPair, AuthError> {
        let sessions = self.engine();
        let mut new = sessions.prepare_login(claims, LoginOptions::default())?;
        new.sign_in = sign_in.unwrap_or(new.sign_in);
        let (max_sessions, context) = (sessions.settings.max_sessions, sessions.context(&new.owner));
        let store = sessions.store.inner();
        let begun = store.insert(&new.owner, &new.family, max_sessions, &context).now_or_never();
        let begun = begun.unwrap_or(Err(StoreError::Corrupt("sessions of tests are kept in memory")))?;
        sessions.sign_first(&new, begun.revision)
    }

    /// Issues an access token that has just expired.
    pub(super) fn expired_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let begin = self.now().before(self.verifier().access_ttl() + self.verifier().leeway());
        let body = C::CODEC.write(claims)?;
        match self.issuer_of(&body) {
            None => self.engine().sign_access_token(
                &body,
                begin,
                self.verifier().access_ttl(),
                Revision::default(),
            ),
            Some(issuer) => self.sign_as(issuer, &body, begin, &SignInClaims::default()),
        }
    }

    fn issuer_of(&self, body: &Body) -> Option<&TrustedIssuer> {
        self.keyring().trusted(body.profile.issuer?).map(|(_, issuer)| issuer)
    }

    /// Issues an access token as a trusted issuer would, with the key that was generated for it.
    fn sign_as(
        &self,
        issuer: &TrustedIssuer,
        body: &Body,
        issued_at: Timestamp,
        sign_in: &SignInClaims,
    ) -> Result<String, AuthError> {
        let payload = body.stamp(&Stamp {
            iss: Some(&issuer.issuer),
            aud: None,
            iat: issued_at,
            exp: issued_at + self.verifier().access_ttl(),
            jti: Uuid::new_v4(),
            sid: None,
            generation: None,
            revision: None,
            auth_time: sign_in.auth_time,
            acr: sign_in.acr.as_deref(),
        });
        let mut payload: BTreeMap<String, Box<RawValue>> =
            serde_json::from_slice(&payload).expect("it was written as JSON");
        let audience = body.profile.audience.or(issuer.audience.first().map(String::as_str));
        let audience = to_raw_value(&audience).expect("text serializes");
        payload.insert(issuer.audience_claim.clone(), audience);
        let keys = issuer.keys.load();
        let key = keys.signing(self.now()).ok_or_else(|| {
            AuthError::internal(
                "only an app that was prepared by `testing::app` can issue tokens of trusted issuers",
            )
        })?;
        let payload = serde_json::to_vec(&payload).expect("JSON values serialize");
        key.sign(key.header(TokenType::Access), &payload).map_err(|_| AuthError::internal("signing failed"))
    }
}
