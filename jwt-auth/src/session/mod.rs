//! Sessions: a login begins a family of refresh tokens, each refresh replaces the presented token with a successor, and a
//! logout ends the family.

mod access_token;
mod authority;
mod confirm;
mod continued;
mod ended;
mod health;
mod lifetime;
mod limiter;
mod list;
mod loader;
mod login;
mod logout;
mod long_lived;
mod named;
mod outage;
mod reauthenticate;
mod refresh;
mod refresh_token;
mod store_handle;
mod token_pair;
mod users;

use std::sync::Arc;

use uuid::Uuid;

use crate::claims::{Body, SignInClaims};
use crate::clock::{Clock, Timestamp};
use crate::config::SessionSettings;
use crate::error::AuthError;
use crate::event::Observers;
use crate::family::Family;
use crate::jws::TokenType;
use crate::owner::{Owner, Revision};
use crate::revocation::{Revocation, Revocations};
use crate::signer::{Signer, TokenSpec};
use crate::store::Context;
use crate::verify::Verifier;

pub(crate) use access_token::AccessTokenOptions;
pub(crate) use confirm::Confirmations;
pub use continued::Continued;
pub(crate) use continued::LoaderParameter;
pub(crate) use health::Probe;
pub use health::{Condition, Health};
pub use lifetime::Lifetime;
pub(crate) use lifetime::Lifetimes;
pub(crate) use limiter::Limiter;
pub use list::Session;
pub use loader::Loaded;
pub(crate) use loader::{Loading, load};
pub(crate) use login::LoginOptions;
pub(crate) use long_lived::LongLivedChecks;
pub(crate) use reauthenticate::ReauthenticationOptions;
pub(crate) use refresh_token::Presented;
pub(crate) use store_handle::StoreHandle;
pub use token_pair::TokenPair;
pub use users::{SignIn, Users};

/// Begins, continues and ends sessions.
pub(crate) struct Sessions {
    pub(crate) store: StoreHandle,
    pub(crate) verifier: Verifier,
    pub(crate) signer: Arc<Signer>,
    pub(crate) revocations: Arc<Revocations>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) confirmations: Confirmations,
    pub(crate) long_lived: LongLivedChecks,
    pub(crate) limiter: Limiter,
    pub(crate) observers: Observers,
    pub(crate) probe: Probe,
    pub(crate) settings: SessionSettings,
}

impl Sessions {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Applies a revocation in this process. Other processes receive it through the store's feed.
    pub(crate) fn revoke(&self, revocation: Revocation) {
        self.revocations.apply(revocation);
    }

    /// Returns the context of a store operation on an owner.
    pub(crate) fn context(&self, owner: &Owner) -> Context {
        Context::new(self.now(), self.revocations.heard(owner.digest()), self.revocations.retention())
    }

    /// Signs the current tokens of a family. The access token expires no later than the session would without a
    /// refresh. While the session is elevated, it contains that sign-in, and expires no later than the elevation. The
    /// refresh token keeps the sign-in that the session began with.
    pub(crate) fn sign_pair(
        &self,
        owner: &Owner,
        body: &Body,
        family: &Family,
        sign_in: &SignInClaims,
        revision: Revision,
    ) -> Result<TokenPair, AuthError> {
        let now = self.now();
        let session_end = family.idle_end.min(family.absolute_end);
        let leeway = self.verifier.leeway();
        let expires_at = family.access_token_end(now, self.verifier.access_ttl(), leeway);
        let elevation = family.elevation_at(now, leeway);
        let spec = TokenSpec {
            token_type: TokenType::Access,
            token_id: Uuid::new_v4(),
            session_id: Some(family.sid),
            generation: Some(family.generation),
            revision,
            issued_at: now,
            expires_at,
            sign_in: elevation.map_or_else(|| sign_in.clone(), reauthenticate::sign_in),
        };
        let access_token = self.signer.sign(body, &spec)?;
        let refresh_token = self.sign_refresh_token(owner, family, sign_in, revision)?;
        let pair =
            TokenPair::new((access_token, expires_at.since(now)), (refresh_token, session_end.since(now)));
        Ok(pair.remembered(sign_in.remember))
    }

    /// Signs a refresh token, which is valid until the absolute end of the session. The store decides whether the
    /// session has been idle for too long. If a thief keeps using the session, an owner who returns after a long time
    /// still presents a token that verifies, so the reuse is detected.
    fn sign_refresh_token(
        &self,
        owner: &Owner,
        family: &Family,
        sign_in: &SignInClaims,
        revision: Revision,
    ) -> Result<String, AuthError> {
        if !family.has_refresh_token() {
            return Err(AuthError::internal("a session without refresh tokens cannot be refreshed"));
        }
        let spec = TokenSpec {
            token_type: TokenType::Refresh,
            token_id: family.current,
            session_id: Some(family.sid),
            generation: Some(family.generation),
            revision,
            issued_at: self.now(),
            expires_at: family.absolute_end,
            sign_in: sign_in.clone(),
        };
        self.signer.sign(&Body::refresh(owner.subject(), owner.kind(), sign_in)?, &spec)
    }
}
