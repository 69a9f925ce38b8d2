//! The verified claims of a request.

use std::ops::Deref;
use std::sync::Arc;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::bearer::bearer;
use super::{abort_without_fairing, jwt_auth, refuse};
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::keyring::TokenKind;
use crate::verifier::{Checked, Signed};

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
pub struct Auth<C> {
    claims: Arc<C>,
    checked: Checked,
}

impl<C> Auth<C> {
    pub(crate) fn new(claims: C, checked: Checked) -> Self {
        Self { claims: Arc::new(claims), checked }
    }

    /// The session that the token belongs to (`sid`); none, if it was made on its own by
    /// [`create_access_token`](crate::JwtAuth::create_access_token).
    pub fn session_id(&self) -> Option<Uuid> {
        self.checked.session_id
    }

    /// The id of the token (`jti`).
    pub fn token_id(&self) -> Uuid {
        self.checked.token_id
    }

    /// When it was issued (`iat`).
    pub fn issued_at(&self) -> Timestamp {
        self.checked.issued_at
    }

    /// When it expires (`exp`).
    pub fn expires_at(&self) -> Timestamp {
        self.checked.expires_at
    }

    /// The claims alone.
    pub fn into_claims(self) -> C
    where
        C: Clone,
    {
        Arc::unwrap_or_clone(self.claims)
    }
}

impl<C> Deref for Auth<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.claims
    }
}

impl<C> Clone for Auth<C> {
    fn clone(&self) -> Self {
        Self { claims: Arc::clone(&self.claims), checked: self.checked }
    }
}

/// The claims alone.
impl<C: Serialize> Serialize for Auth<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request) {
            Ok(auth) => Outcome::Success(auth.clone()),
            Err(error) => refuse(request, error.clone()),
        }
    }
}

impl<C: Claims> Sentinel for Auth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket)
    }
}

/// The claims of the request's token as a `C`, read once for each such type.
pub(super) fn authenticate<'r, C: Claims>(request: &'r Request<'_>) -> Result<&'r Auth<C>, &'r AuthError> {
    struct Cached<C>(Result<Auth<C>, AuthError>);

    let cached = request.local_cache(|| {
        Cached(
            signed(request)
                .as_ref()
                .map_err(AuthError::clone)
                .and_then(|signed| Ok(jwt_auth(request)?.auth(signed)?)),
        )
    });
    cached.0.as_ref()
}

/// The payload of the request's token, its signature verified once.
fn signed<'r>(request: &'r Request<'_>) -> &'r Result<Signed, AuthError> {
    struct Cached(Result<Signed, AuthError>);

    let verify = || {
        let token = bearer(request)?.ok_or(AuthError::Unauthorized)?;
        Ok(jwt_auth(request)?.verifier().signature(token, TokenKind::Access)?)
    };
    &request.local_cache(|| Cached(verify())).0
}

/// A claims type as a guard, by reference.
pub(crate) async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    match authenticate::<C>(request) {
        Ok(auth) => Outcome::Success(&**auth),
        Err(error) => refuse(request, error.clone()),
    }
}

/// A claims type as a guard. It is read anew from the payload that was verified: it need not be
/// `Clone`, and the policy keeps its own.
pub(crate) async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    let claims = || {
        let signed = signed(request).as_ref().map_err(AuthError::clone)?;
        let auth = jwt_auth(request)?.auth::<C>(signed)?;
        Arc::into_inner(auth.claims).ok_or_else(|| AuthError::internal("fresh claims are shared"))
    };
    match claims() {
        Ok(claims) => Outcome::Success(claims),
        Err(error) => refuse(request, error),
    }
}
