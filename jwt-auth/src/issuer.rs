//! Signs access and refresh tokens.

use std::sync::Arc;

use uuid::Uuid;

use crate::claims::{Body, OneOrMany, SignIn, Stamp};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::error::AuthError;
use crate::keyring::{Keyring, TokenKind};
use crate::verifier::MAX_LENGTH;

/// Issues tokens in the name of the app.
pub(crate) struct Issuer {
    keyring: Arc<Keyring>,
    issuer: Option<String>,
    audience: Vec<String>,
}

/// What is particular to one token.
pub(crate) struct Issue {
    pub(crate) kind: TokenKind,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) sign_in: SignIn,
}

impl Issuer {
    pub(crate) fn new(keyring: Arc<Keyring>, settings: &Settings) -> Self {
        Self { keyring, issuer: settings.issuer.clone(), audience: settings.audience.clone() }
    }

    /// Signs a token.
    ///
    /// # Errors
    ///
    /// The app only verifies: it has no key to sign with. Or the token is longer than any that is
    /// accepted.
    pub(crate) fn sign(&self, body: &Body, issue: &Issue) -> Result<String, AuthError> {
        if let Some(issuer) = body.kind.issuer {
            return Err(AuthError::internal(format!(
                "`{}` are claims of {issuer}, which alone issues tokens of them: for tokens of this app, use a type \
                 without `#[claims(issuer = …)]`",
                body.kind.name()
            )));
        }
        let payload = body.stamp(&Stamp {
            iss: self.issuer.as_deref(),
            aud: body
                .kind
                .audience
                .map_or_else(|| OneOrMany::new(&self.audience), |own| Some(OneOrMany::One(own))),
            iat: issue.issued_at,
            exp: issue.expires_at,
            jti: issue.token_id,
            sid: issue.session_id,
            auth_time: issue.sign_in.auth_time,
            acr: issue.sign_in.acr.as_deref(),
        });
        self.sign_payload(issue.kind, None, &payload)
    }

    /// Signs any payload, under the header for a kind of token unless another one, encoded, is given.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub(crate) fn sign_payload(
        &self,
        kind: TokenKind,
        header: Option<&str>,
        payload: &[u8],
    ) -> Result<String, AuthError> {
        let keys = self.keyring.own.load();
        let key = keys.signing(self.keyring.own.clock().now()).ok_or_else(|| {
            AuthError::internal(match keys.can_sign() {
                true => "no key that signs is in force: set one whose `not_before` has come and that is not retired",
                false => "this app has no key that signs: to issue tokens, set `private_key` or `secret`",
            })
        })?;
        let header = header.unwrap_or_else(|| key.header(kind));
        let token = key.sign(header, payload).map_err(|_| AuthError::internal("the key did not sign"))?;
        if token.len() > MAX_LENGTH {
            let length = token.len();
            return Err(AuthError::internal(format!(
                "a token of {length} bytes would not be accepted: {MAX_LENGTH} are the most. Put less into the claims"
            )));
        }
        Ok(token)
    }
}
