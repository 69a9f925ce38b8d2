//! A visitor who may be anonymous.

use std::any::type_name;
use std::ops::Deref;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::auth::authenticate;
use super::launch::abort_without_issuer;
use super::state::reject;
use super::token::is_anonymous;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;

/// The claims of a visitor who may be anonymous. Dereferences to `Option<Auth<C>>`.
///
/// | the request has | the guard |
/// |---|---|
/// | no token | is `None` |
/// | a valid token | is `Some` |
/// | an invalid token in the header, or a malformed header | fails, like [`Auth`] |
/// | a session cookie that is not valid, or cannot be renewed at the moment | is `None`: a browser sends it unasked |
///
/// # Example
///
/// ```
/// # use jwt_auth::Claims;
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { name: String }
/// # impl Claims for User { fn subject(&self) -> String { self.name.clone() } }
/// use jwt_auth::MaybeAuth;
///
/// #[rocket::get("/")]
/// fn index(user: MaybeAuth<User>) -> String {
///     match user.as_ref() {
///         Some(user) => format!("Hello, {}!", user.name),
///         None => "Hello, stranger!".to_owned(),
///     }
/// }
/// ```
#[derive(Debug)]
pub struct MaybeAuth<C>(Option<Auth<C>>);

impl<C> MaybeAuth<C> {
    pub(crate) fn new(visitor: Option<Auth<C>>) -> Self {
        Self(visitor)
    }

    /// Returns the claims of the visitor, or `None` if the request has no token.
    pub fn into_inner(self) -> Option<Auth<C>> {
        self.0
    }
}

impl<C> Deref for MaybeAuth<C> {
    type Target = Option<Auth<C>>;

    fn deref(&self) -> &Option<Auth<C>> {
        &self.0
    }
}

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for MaybeAuth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request).await {
            Ok(auth) => Outcome::Success(Self(Some(auth.clone().typed()))),
            Err(error) if is_anonymous(request, &error) => Outcome::Success(Self(None)),
            Err(error) => reject(request, error),
        }
    }
}

impl<C: Claims> Sentinel for MaybeAuth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<C>(type_name::<Self>(), rocket)
    }
}
