//! The toolkit as an app holds it: issuing and verifying. What it does with sessions stands in
//! [`refresh`](crate::refresh).

use std::future::Future;
use std::sync::Arc;

use uuid::Uuid;

use crate::auth::Auth;
use crate::claims::{Body, Claims};
use crate::clock::{Clock, Timestamp};
use crate::config::Settings;
use crate::error::{AuthError, InvalidToken, StoreError};
use crate::issuer::{Issue, Issuer};
use crate::keyring::{Jwks, Keyring, TokenKind};
use crate::revocation::Revocations;
use crate::store::RefreshStore;
use crate::verifier::{Signed, Verifier};

/// Issues, checks and revokes tokens.
///
/// [`JwtAuth::fairing`] makes it when the app launches. Handlers take it as `&JwtAuth`; elsewhere it
/// is in Rocket's managed state. Clones are cheap and share everything.
#[derive(Clone)]
pub struct JwtAuth(Arc<Parts>);

struct Parts {
    settings: Settings,
    keyring: Arc<Keyring>,
    issuer: Issuer,
    verifier: Verifier,
    store: Arc<dyn RefreshStore>,
    revocations: Revocations,
    clock: Arc<dyn Clock>,
}

impl JwtAuth {
    /// Signs an access token that belongs to no session: it is good for `access_ttl` and cannot be
    /// revoked. For users who sign in there is [`generate_tokens`](Self::generate_tokens).
    ///
    /// # Errors
    ///
    /// [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has
    /// no key to sign with.
    pub fn create_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let now = self.now();
        self.issuer().sign(
            &Body::new(claims)?,
            &Issue {
                kind: TokenKind::Access,
                token_id: Uuid::new_v4(),
                session_id: None,
                issued_at: now,
                expires_at: now + self.settings().access_ttl,
            },
        )
    }

    /// Verifies an access token that did not come with a request: a message of a WebSocket, say.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`](AuthError::InvalidToken), with the reason.
    pub fn verify<C: Claims>(&self, token: &str) -> Result<Auth<C>, AuthError> {
        Ok(self.auth(&self.verifier().signature(token, TokenKind::Access)?)?)
    }

    /// The public keys that verify this app's tokens, for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> Jwks {
        self.0.keyring.jwks()
    }

    pub(crate) fn new(
        settings: Settings,
        keyring: Keyring,
        store: Arc<dyn RefreshStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let keyring = Arc::new(keyring);
        Self(Arc::new(Parts {
            issuer: Issuer::new(Arc::clone(&keyring), &settings),
            verifier: Verifier::new(Arc::clone(&keyring), &settings),
            revocations: Revocations::new(&settings),
            keyring,
            settings,
            store,
            clock,
        }))
    }

    /// The claims of an access token whose signature is good, unless its session was ended.
    pub(crate) fn auth<C: Claims>(&self, signed: &Signed) -> Result<Auth<C>, InvalidToken> {
        let (claims, checked) = self.verifier().claims::<C>(signed, self.now())?;
        match checked.session_id {
            Some(sid) if self.revocations().is_revoked(sid) => Err(InvalidToken::Revoked),
            _ => Ok(Auth::new(claims, checked)),
        }
    }

    /// Asks the store, for as long as `store_timeout` allows.
    pub(crate) async fn store_call<'a, T, F>(
        &'a self,
        call: impl FnOnce(&'a dyn RefreshStore) -> F,
    ) -> Result<T, AuthError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let limit = self.settings().store_timeout;
        match tokio::time::timeout(limit, call(&*self.0.store)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(StoreError::TimedOut(limit).into()),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    pub(crate) fn revocations(&self) -> &Revocations {
        &self.0.revocations
    }
}
