//! The content of a valid access token.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::claims::{Claims, SignInClaims};
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::jws::{id_of_only_token, is_id_of_only_token};
use crate::owner::Revision;

/// The claims of a valid access token, together with its registered claims. It derefs to the claims.
///
/// As a request guard, it rejects a request without a token with 401 and no error code, an invalid token with 401
/// `invalid_token`, and a malformed header with 400. For visitors who may be anonymous, use
/// [`MaybeAuth`](crate::MaybeAuth), **not** `Option<Auth<C>>`: Rocket turns every failure of a guard into `None`, so a
/// request with a forged token would be treated as anonymous.
///
/// The signature of a request's token is verified once, however many guards the route has.
///
/// ```
/// # use jwt_auth::Claims;
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { name: String }
/// # impl Claims for User { fn subject(&self) -> String { self.name.clone() } }
/// use jwt_auth::Auth;
///
/// #[rocket::get("/me")]
/// fn me(user: Auth<User>) -> String {
///     format!("{}, session {:?}", user.name, user.session_id())
/// }
/// ```
#[derive(Debug)]
pub struct Auth<C> {
    verified: Arc<Verified<C>>,
    source: Option<Source>,
}

/// An [`Auth`] with claims of any type.
pub(crate) struct AnyAuth {
    verified: Arc<dyn Any + Send + Sync>,
    source: Option<Source>,
}

/// Where a request had its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The `Authorization` header.
    Header,
    /// The session cookie.
    Cookie,
}

#[derive(Debug)]
struct Verified<C> {
    claims: C,
    token: TokenInfo,
}

/// The registered claims of a valid token.
#[derive(Clone, Debug)]
pub(crate) struct TokenInfo {
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) validity: Validity,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    /// The generation of its session in which the token was issued.
    pub(crate) generation: Option<u32>,
    /// The revision of its owner under which the token was issued. `None` for a token of another system.
    pub(crate) revision: Option<Revision>,
    /// The kind of its claims: the audience of their type, if it has one of its own.
    pub(crate) kind: Option<&'static str>,
    pub(crate) sign_in: SignInClaims,
    /// Whether this app issued the token.
    pub(crate) is_own: bool,
}

impl TokenInfo {
    /// Returns whether the token is the only one of its session. It may live longer than revocations are remembered, so
    /// the store is asked about its session.
    pub(crate) fn is_long_lived(&self) -> bool {
        let is_only_token =
            |sid| is_id_of_only_token(self.token_id) && self.token_id == id_of_only_token(sid);
        self.is_own && self.generation.is_none() && self.session_id.is_some_and(is_only_token)
    }
}

/// The period in which a token is valid, including the leeway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    from: Timestamp,
    until: Timestamp,
}

/// The id of an access token for [`revoke_access_token`](crate::JwtAuth::revoke_access_token). It can be converted from
/// an `&Auth<C>` or from the bare id.
#[derive(Clone, Debug)]
pub struct AccessTokenId {
    pub(crate) id: Uuid,
    /// Whether this app issued the token. Other issuers have their own ids.
    pub(crate) is_own: bool,
    /// The session that ends with the token, if it is the only one of its session.
    pub(crate) session: Option<OnlyTokenOf>,
}

/// The session of a long-lived token.
#[derive(Clone, Debug)]
pub(crate) struct OnlyTokenOf {
    pub(crate) kind: Option<&'static str>,
    pub(crate) subject: String,
    pub(crate) sid: Uuid,
}

impl<C> Auth<C> {
    pub(crate) fn new(claims: C, token: TokenInfo) -> Self {
        Self { verified: Arc::new(Verified { claims, token }), source: None }
    }

    /// Records where the request had the token.
    pub(crate) fn with_source(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Returns where the request had the token, or `None` if it did not come with a request but was
    /// [verified](crate::JwtAuth::verify) as a text.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// Returns the session that the token belongs to (`sid`), or `None` if
    /// [`create_access_token`](crate::JwtAuth::create_access_token) issued it without one.
    pub fn session_id(&self) -> Option<Uuid> {
        self.verified.token.session_id
    }

    /// Returns the id of the token (`jti`), which [`revoke_access_token`](crate::JwtAuth::revoke_access_token) takes. A
    /// token of [`fastapi_framework`](crate::compat::fastapi_framework) has none, and a trusted issuer may use ids that
    /// are not UUIDs. In both cases, this is a digest of the payload.
    pub fn token_id(&self) -> Uuid {
        self.verified.token.token_id
    }

    /// Returns when the token was issued (`iat`). For a token of
    /// [`fastapi_framework`](crate::compat::fastapi_framework), which has no `iat`, this is `access_ttl` before its
    /// expiry. For a token of a trusted issuer without `iat`, it is `nbf` or, if that is missing too, the current time.
    pub fn issued_at(&self) -> Timestamp {
        self.verified.token.issued_at
    }

    /// Returns when the token expires (`exp`).
    pub fn expires_at(&self) -> Timestamp {
        self.verified.token.expires_at
    }

    /// Returns when the user signed in (`auth_time`), which a refresh does not change, but a
    /// [reauthentication](crate::JwtAuth::reauthenticate) does. Returns `None` if no one signed in for the token, or if its
    /// session was taken over from another service.
    pub fn signed_in_at(&self) -> Option<Timestamp> {
        self.verified.token.sign_in.auth_time
    }

    /// Returns the authentication context of the sign-in (`acr`), if the login or the reauthentication set one
    /// ([`Login::acr`](crate::Login::acr), [`Reauthentication::acr`](crate::Reauthentication::acr)).
    pub fn acr(&self) -> Option<&str> {
        self.verified.token.sign_in.acr.as_deref()
    }

    /// Returns the claims.
    pub fn into_claims(self) -> C
    where
        C: Clone,
    {
        match Arc::try_unwrap(self.verified) {
            Ok(verified) => verified.claims,
            Err(shared) => shared.claims.clone(),
        }
    }

    pub(crate) fn token(&self) -> &TokenInfo {
        &self.verified.token
    }

    /// Returns the same, without the type of the claims.
    pub(crate) fn into_any(self) -> AnyAuth
    where
        C: Claims,
    {
        AnyAuth { verified: self.verified, source: self.source }
    }
}

impl AnyAuth {
    /// Returns the same with claims of type `C`, or `None` if they have another type.
    pub(crate) fn downcast<C: Claims>(self) -> Option<Auth<C>> {
        let verified = self.verified.downcast().ok()?;
        Some(Auth { verified, source: self.source })
    }
}

impl<C> Deref for Auth<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.verified.claims
    }
}

impl<C> Clone for Auth<C> {
    fn clone(&self) -> Self {
        Self { verified: Arc::clone(&self.verified), source: self.source }
    }
}

/// Serializes the claims.
impl<C: Serialize> Serialize for Auth<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl Validity {
    pub(crate) fn new(not_before: Option<Timestamp>, expires_at: Timestamp, leeway: Duration) -> Self {
        let from = not_before.map_or(Timestamp::from_secs(0), |begin| begin.before(leeway));
        Self { from, until: expires_at + leeway }
    }

    /// Returns a period that ends at `until` at the latest.
    pub(crate) fn capped(self, until: Timestamp) -> Self {
        Self { until: self.until.min(until), ..self }
    }

    /// Checks that a token is valid at this time.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), InvalidToken> {
        if now >= self.until {
            return Err(InvalidToken::Expired);
        }
        if now < self.from {
            return Err(InvalidToken::NotYetValid);
        }
        Ok(())
    }
}

impl<C: Claims> From<&Auth<C>> for AccessTokenId {
    fn from(auth: &Auth<C>) -> Self {
        let token = auth.token();
        let session = token.session_id.filter(|_| token.is_long_lived());
        let session = session.map(|sid| OnlyTokenOf { kind: token.kind, subject: auth.subject(), sid });
        Self { id: token.token_id, is_own: token.is_own, session }
    }
}

impl From<Uuid> for AccessTokenId {
    fn from(id: Uuid) -> Self {
        Self { id, is_own: true, session: None }
    }
}
