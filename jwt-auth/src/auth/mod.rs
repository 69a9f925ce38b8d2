//! The content of a valid access token.

mod any;
mod token_id;
mod token_info;

use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use uuid::Uuid;

pub(crate) use any::AnyAuth;
pub use token_id::AccessTokenId;
pub(crate) use token_id::OnlyTokenOf;
pub(crate) use token_info::{TokenInfo, Validity};

use crate::clock::Timestamp;

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

impl<C> Auth<C> {
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
