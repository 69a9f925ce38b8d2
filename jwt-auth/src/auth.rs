//! What a valid access token says.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::claims::SignIn;
use crate::clock::Timestamp;
use crate::verifier::{Checked, Verified};

/// A valid access token's claims, to which it derefs, and what the token itself says.
///
/// As a request guard: no token is a 401 without an error code, a token that is not good a 401
/// `invalid_token`, a header that cannot be read a 400. For visitors who may be anonymous there is
/// [`MaybeAuth`](crate::MaybeAuth). **Not** `Option<Auth<C>>`: Rocket makes `None` of a guard's
/// failure, so a forged token would pass for an anonymous visitor.
///
/// However many guards a request meets, its signature is verified once.
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
pub struct Auth<C>(Arc<Token<C>>);

#[derive(Debug)]
struct Token<C> {
    claims: C,
    checked: Checked,
}

impl<C> Auth<C> {
    pub(crate) fn of(Verified { claims, checked }: Verified<C>) -> Self {
        Self(Arc::new(Token { claims, checked }))
    }

    /// The session that the token belongs to (`sid`); none, if it was made on its own by
    /// [`create_access_token`](crate::JwtAuth::create_access_token).
    pub fn session_id(&self) -> Option<Uuid> {
        self.0.checked.session_id
    }

    /// The id of the token (`jti`), by which [`revoke_access_token`](crate::JwtAuth::revoke_access_token) ends it.
    /// One of [`fastapi_framework`](crate::compat::fastapi_framework) has none, and
    /// one of another issuer may have none that is a UUID: for it, a digest of what is in the token.
    pub fn token_id(&self) -> Uuid {
        self.0.checked.token_id
    }

    /// When it was issued (`iat`). One of [`fastapi_framework`](crate::compat::fastapi_framework) does not say:
    /// for it, `access_ttl` before it expires. Nor may one of another issuer: for it, its `nbf`, or now.
    pub fn issued_at(&self) -> Timestamp {
        self.0.checked.issued_at
    }

    /// When it expires (`exp`).
    pub fn expires_at(&self) -> Timestamp {
        self.0.checked.expires_at
    }

    /// When its user signed in (`auth_time`): not when the token was refreshed. None, if it belongs to no
    /// session, or to one that was taken over from another service.
    pub fn signed_in_at(&self) -> Option<Timestamp> {
        self.0.checked.sign_in.auth_time
    }

    /// By which way its user signed in (`acr`), if the login said so
    /// ([`GenerateTokens::acr`](crate::GenerateTokens::acr)).
    pub fn acr(&self) -> Option<&str> {
        self.0.checked.sign_in.acr.as_deref()
    }

    /// Whether this app issued the token.
    pub(crate) fn is_ours(&self) -> bool {
        self.0.checked.is_ours
    }

    pub(crate) fn sign_in(&self) -> &SignIn {
        &self.0.checked.sign_in
    }

    pub(crate) fn checked(&self) -> &Checked {
        &self.0.checked
    }

    /// The claims alone.
    pub fn into_claims(self) -> C
    where
        C: Clone,
    {
        match Arc::try_unwrap(self.0) {
            Ok(token) => token.claims,
            Err(shared) => shared.claims.clone(),
        }
    }
}

impl<C> Deref for Auth<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0.claims
    }
}

impl<C> Clone for Auth<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The claims alone.
impl<C: Serialize> Serialize for Auth<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}
