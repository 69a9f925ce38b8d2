//! Sessions: a login begins a family of refresh tokens, each refresh puts a successor in place of
//! the token that was presented, and a logout ends the family.

mod device;
mod family;
mod loader;
mod login;
#[cfg(test)]
mod model;
mod pair;
mod rotation;
mod session;
mod token;

use std::str::FromStr;

use uuid::Uuid;

use crate::claims::{Body, Claims, SignIn};
use crate::clock::Timestamp;
use crate::error::{AuthError, InvalidGrant};
use crate::issuer::Issue;
use crate::jwt_auth::JwtAuth;
use crate::keyring::TokenKind;
use crate::store::Revocation;

pub use device::Device;
pub use family::{Family, Previous, Swap};
pub use loader::Loaded;
pub(crate) use loader::Loading;
pub use login::GenerateTokens;
pub use pair::TokenPair;
use rotation::{Rotation, decide, settle};
pub use session::Session;
pub(crate) use token::Presented;
use token::RefreshClaims;

impl JwtAuth {
    /// Exchanges a refresh token for a new pair, in one round trip to the store.
    ///
    /// `loader` gets the subject, of whatever type it asks for, and answers with the user's claims
    /// as they are now, or with `None` when there is no such user any more; or with a `Result` of
    /// that. It is called before anything is spent.
    ///
    /// | the token is | answer |
    /// |---|---|
    /// | the current one of its session | a new pair; the session's idle end moves |
    /// | the one before, within `reuse_grace` of its replacement | the same successor again: a client that raced itself or lost an answer loses nothing |
    /// | any other of a live session | an error; somebody has a copy, so the session ends, with its access tokens |
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: the token is not good, or its session has
    ///   ended, or its user is gone. Clients are not told which.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store or the loader
    ///   gave no answer. Asked again within `reuse_grace`, the token gets what it was to get; later too,
    ///   unless the store had done its work and only the answer was lost.
    /// - [`Internal`](AuthError::Internal), 500: the subject is not of the type that the loader asks
    ///   for, or the loader's claims are of another subject or cannot be put into a token.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// # async fn find_user(id: u64) -> Result<Option<User>, std::io::Error> { Ok(Some(User { id })) }
    /// #[rocket::post("/refresh", data = "<token>")]
    /// async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    ///     auth.refresh(token, |id: u64| find_user(id)).await
    /// }
    /// ```
    pub async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: FromStr,
        L: Loading<Answer: Loaded>,
    {
        if let Some(foreign) = self.foreign(token) {
            return self.refresh_foreign(&foreign, loader).await;
        }
        let presented = self.presented(token)?;
        let Some(claims) = self.load(&presented.subject, loader).await? else {
            self.end_family(&presented.subject, presented.sid).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        let body = claims.body()?;

        let family = self.rotate(&presented).await?;
        self.sign_pair(&presented.subject, &body, &family, &presented.sign_in)
    }

    /// The claims of a subject as they are now; `None` when it is gone.
    pub(crate) async fn load<S, L>(
        &self,
        subject: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<Option<<L::Answer as Loaded>::Claims>, AuthError>
    where
        S: FromStr,
        L: Loading<Answer: Loaded>,
    {
        let parsed = subject.parse().map_err(|_| {
            AuthError::internal(format!(
                "the loader asks for a `{}`, which the subject of a refresh token could not be parsed to",
                std::any::type_name::<S>()
            ))
        })?;
        let claims = loader(parsed).future().await.into_result().map_err(AuthError::unavailable)?;
        match claims.as_ref().is_some_and(|claims| claims.subject() != subject) {
            true => Err(AuthError::internal("the loader answered with the claims of another subject")),
            false => Ok(claims),
        }
    }

    /// Asks the store to swap, and decides about its refusal. The family's current token is the one
    /// to answer with.
    pub(crate) async fn rotate(&self, presented: &Presented) -> Result<Family, AuthError> {
        if self.revocations().has_ended(presented.sid) {
            return Err(self.end_again(presented).await?);
        }
        let now = self.now();
        let swap = Swap {
            presented: presented.jti,
            generation: presented.generation,
            next: Uuid::new_v4(),
            now,
            idle_end: now + self.settings().refresh_ttl,
        };
        let swapped =
            self.store_call(|store| store.compare_and_swap(&presented.subject, presented.sid, &swap)).await?;
        match settle(swapped, &swap, self.settings().reuse_grace) {
            Ok(family) => Ok(family),
            Err(Rotation::Reuse) => {
                self.end_family(&presented.subject, presented.sid).await?;
                log::warn!(
                    "jwt-auth: a used refresh token was presented again: session {} of `{}` was ended",
                    presented.sid,
                    presented.subject.escape_debug()
                );
                Err(InvalidGrant::Reused.into())
            }
            Err(Rotation::Rotate) => Err(AuthError::internal("the store refused a swap that was due")),
            Err(Rotation::Expired) => Err(InvalidGrant::Expired.into()),
            Err(Rotation::Unknown | Rotation::Retry) => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Ends a session that was ended before, if the store has it again, since it lost its last writes: its new
    /// access tokens would be refused here, and nowhere else.
    async fn end_again(&self, presented: &Presented) -> Result<AuthError, AuthError> {
        // Looked for first: an end writes, and may wait for replicas.
        let found = self.store_call(|store| store.find(&presented.subject, presented.sid)).await?;
        if found.is_some() && self.end_family(&presented.subject, presented.sid).await? {
            log::warn!(
                "jwt-auth: the store forgot that session {} of `{}` was ended: it was ended again",
                presented.sid,
                presented.subject.escape_debug()
            );
        }
        Ok(InvalidGrant::Unknown.into())
    }

    fn decide(&self, family: Option<&Family>, presented: &Presented, now: Timestamp) -> Rotation {
        decide(family, presented.jti, presented.generation, now, self.settings().reuse_grace)
    }

    /// Says whether a refresh token would be accepted, and of which session it is. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`InvalidGrant`](AuthError::InvalidGrant) when it would not;
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave no answer.
    pub async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        match self.foreign(token) {
            Some(foreign) => self.check_foreign(&foreign).await,
            None => self.check_presented(&self.presented(token)?).await,
        }
    }

    pub(crate) async fn check_presented(&self, presented: &Presented) -> Result<Session, AuthError> {
        if self.revocations().has_ended(presented.sid) {
            return Err(InvalidGrant::Unknown.into());
        }
        let family = self.store_call(|store| store.find(&presented.subject, presented.sid)).await?;
        match (self.decide(family.as_ref(), presented, self.now()), family) {
            (Rotation::Rotate | Rotation::Retry, Some(family)) => Ok(family.into()),
            (Rotation::Reuse, _) => Err(InvalidGrant::Reused.into()),
            (Rotation::Expired, _) => Err(InvalidGrant::Expired.into()),
            (_, _) => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Ends the session of a refresh token: a logout. Its access tokens are refused from now on.
    ///
    /// `Ok(false)` says that there was nothing to end: the session was gone, or the text is not a
    /// refresh token of this app. A client need not be told the difference (RFC 7009, section 2.2).
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave no answer:
    /// the session may live.
    pub async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        if let Some(foreign) = self.foreign(token) {
            return self.invalidate_foreign(&foreign).await;
        }
        // Its dates do not matter: an older token of the session says as well which one it is.
        let signed = self.verifier().signature(token, TokenKind::Refresh);
        let presented =
            signed.and_then(|signed| self.verifier().undated_claims(&signed)).and_then(Presented::try_from);
        match presented {
            Ok(presented) => self.end_family(&presented.subject, presented.sid).await,
            Err(_) => Ok(false),
        }
    }

    /// Checks a refresh token without the store.
    fn presented(&self, token: &str) -> Result<Presented, AuthError> {
        let signed = self.verifier().signature(token, TokenKind::Refresh);
        signed
            .and_then(|signed| self.verifier().claims::<RefreshClaims>(&signed, self.now()))
            .and_then(Presented::try_from)
            .map_err(|reason| InvalidGrant::Token(reason).into())
    }

    /// Ends a family, and then its access tokens: also when the family was gone, since the answer to
    /// an earlier try may have been lost.
    pub(crate) async fn end_family(&self, subject: &str, sid: Uuid) -> Result<bool, AuthError> {
        let removed = self.store_call(|store| store.remove(subject, sid)).await?;
        self.revoke(Revocation::Session(sid));
        Ok(removed)
    }

    pub(crate) fn sign_pair(
        &self,
        subject: &str,
        body: &Body,
        family: &Family,
        sign_in: &SignIn,
    ) -> Result<TokenPair, AuthError> {
        let now = self.now();
        let expires_at = (now + self.settings().access_ttl).min(family.absolute_end);
        let access_token = self.issuer().sign(
            body,
            &Issue {
                kind: TokenKind::Access,
                token_id: Uuid::new_v4(),
                session_id: Some(family.sid),
                issued_at: now,
                expires_at,
                sign_in: sign_in.clone(),
            },
        )?;
        Ok(TokenPair {
            access_token,
            refresh_token: self.sign_refresh_token(subject, family, now, sign_in)?,
            token_type: "bearer",
            expires_in: expires_at.since(now).as_secs(),
        })
    }

    /// The token itself lives as long as the session can at most. That the session was not used for too
    /// long is for the store to say: an owner who comes back after that long finds out a thief who went on
    /// with it.
    fn sign_refresh_token(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        sign_in: &SignIn,
    ) -> Result<String, AuthError> {
        self.issuer().sign(
            &Body::refresh(subject, family.generation)?,
            &Issue {
                kind: TokenKind::Refresh,
                token_id: family.current,
                session_id: Some(family.sid),
                issued_at: now,
                expires_at: family.absolute_end,
                sign_in: sign_in.clone(),
            },
        )
    }
}
