//! Tokens for tests.

use rocket::futures::FutureExt;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::claims::{Body, Claims, SignIn, Stamp};
use crate::clock::Timestamp;
use crate::error::{AuthError, StoreError};
use crate::jwt_auth::JwtAuth;
use crate::keyring::{OtherIssuer, TokenKind};
use crate::refresh::{Device, TokenPair};

impl JwtAuth {
    /// A good access token: of a session that begins now, if this app issues such tokens.
    pub(super) fn good_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let body = claims.body()?;
        match self.issuer_of(&body) {
            None => Ok(self.begin_at_once(claims)?.access_token),
            Some(issuer) => self.sign_as(issuer, &body, self.now()),
        }
    }

    /// A login that waits for nothing: memory answers at once.
    pub(super) fn begin_at_once<C: Claims>(&self, claims: &C) -> Result<TokenPair, AuthError> {
        let (subject, body) = (claims.subject(), claims.body()?);
        let family = self.family(Device::default());
        let pair = self.sign_pair(&subject, &body, &family, &SignIn::at(family.created_at))?;
        let (now, max_sessions) = (family.created_at, self.settings().max_sessions);
        let begun = self.store().insert(&subject, &family, now, max_sessions).now_or_never();
        begun.unwrap_or(Err(StoreError::Corrupt("sessions of tests are kept in memory")))?;
        Ok(pair)
    }

    /// An access token that was good until a moment ago.
    pub(super) fn expired_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let begin = self.now().before(self.settings().access_ttl + self.settings().leeway);
        let body = claims.body()?;
        match self.issuer_of(&body) {
            None => self.sign_access_token(claims, begin),
            Some(issuer) => self.sign_as(issuer, &body, begin),
        }
    }

    fn issuer_of(&self, body: &Body) -> Option<&OtherIssuer> {
        self.keyring().other(body.kind.issuer?).map(|(_, issuer)| issuer)
    }

    /// An access token as another issuer would make it, by the key that was made up for it.
    fn sign_as(&self, issuer: &OtherIssuer, body: &Body, issued_at: Timestamp) -> Result<String, AuthError> {
        let payload = body.stamp(&Stamp {
            iss: Some(&issuer.name),
            aud: None,
            iat: issued_at,
            exp: issued_at + self.settings().access_ttl,
            jti: Uuid::new_v4(),
            sid: None,
            auth_time: None,
            acr: None,
        });
        let mut payload: Map<String, Value> =
            serde_json::from_slice(&payload).expect("it was written as JSON");
        let audience = body.kind.audience.or(issuer.audience.first().map(String::as_str));
        payload.insert(issuer.audience_claim.clone(), json!(audience));
        let keys = issuer.keys.load();
        let key = keys.signing(self.now()).ok_or_else(|| {
            AuthError::internal(
                "only in an app that was made ready by `testing::app` can others issue tokens",
            )
        })?;
        let payload = serde_json::to_vec(&payload).expect("JSON values serialize");
        key.sign(key.header(TokenKind::Access), &payload)
            .map_err(|_| AuthError::internal("the key did not sign"))
    }
}
