//! The session that a refresh continues, as a loader sees it.

use std::str::FromStr;
use std::sync::Arc;

use uuid::Uuid;

use super::Presented;
use crate::claims::Claims;
use crate::clock::Timestamp;

/// The session that a refresh is about to continue, for a loader that needs more than the subject.
///
/// Never assign a subject to another user: the refresh tokens of the previous user would give access to the new
/// account. If your app reuses names anyway, compare the time of the sign-in with the creation time of the account, as
/// in the example below. Also call [`revoke_subject`](crate::JwtAuth::revoke_subject) when you delete an account, and
/// [`revoke_others`](crate::JwtAuth::revoke_others) when a user changes their password.
///
/// # Example
///
/// ```
/// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
/// # use jwt_auth::clock::Timestamp;
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { name: String, #[serde(skip, default = "begin")] created_at: Timestamp }
/// # fn begin() -> Timestamp { Timestamp::from_secs(0) }
/// # impl Claims for User { fn subject(&self) -> String { self.name.clone() } }
/// # async fn find_user(name: &str) -> Result<Option<User>, std::io::Error> { Ok(None) }
/// use jwt_auth::Continued;
///
/// #[rocket::post("/refresh", data = "<token>")]
/// async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
///     let loader = async |session: Continued<String>| {
///         let user = find_user(session.subject()).await?;
///         Ok::<_, std::io::Error>(user.filter(|user| session.signed_in_at() >= Some(user.created_at)))
///     };
///     auth.refresh(token, loader).await
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continued<S> {
    subject: S,
    kind: Option<String>,
    session_id: Uuid,
    signed_in_at: Option<Timestamp>,
    acr: Option<Arc<str>>,
}

impl<S> Continued<S> {
    /// Returns the subject.
    pub fn subject(&self) -> &S {
        &self.subject
    }

    /// Consumes the session, and returns the subject.
    pub fn into_subject(self) -> S {
        self.subject
    }

    /// Returns `true` if the session belongs to claims of this type. A loader of an enum uses it:
    /// `session.is::<Device>()`.
    pub fn is<C: Claims>(&self) -> bool {
        C::CODEC.has_kind(self.kind.as_deref())
    }

    /// Returns the id of the session.
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// Returns when the user signed in, or `None` for a session that was taken over from another service. A
    /// [reauthentication](crate::JwtAuth::reauthenticate) does not change it.
    pub fn signed_in_at(&self) -> Option<Timestamp> {
        self.signed_in_at
    }

    /// Returns the authentication context of the sign-in (`acr`), if the login set one.
    pub fn acr(&self) -> Option<&str> {
        self.acr.as_deref()
    }
}

/// The parameter of a loader: the subject as any type that it can be parsed as, or a [`Continued`] with such a subject.
#[diagnostic::on_unimplemented(
    message = "a loader cannot take `{Self}`",
    label = "not a valid parameter of a loader",
    note = "take the subject as a type that implements `FromStr`, such as `u64`, `String` or `Uuid`, or a `Continued` of it"
)]
pub trait LoaderParameter: Sized {
    /// Returns the parameter, or `None` if the subject does not parse.
    #[doc(hidden)]
    fn of(presented: &Presented) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<S: FromStr> LoaderParameter for S {
    fn of(presented: &Presented) -> Option<Self> {
        presented.owner.subject().parse().ok()
    }
}

impl<S: FromStr> LoaderParameter for Continued<S> {
    fn of(presented: &Presented) -> Option<Self> {
        Some(Self {
            subject: S::of(presented)?,
            kind: presented.owner.kind().map(str::to_owned),
            session_id: presented.sid,
            signed_in_at: presented.sign_in.auth_time,
            acr: presented.sign_in.acr.clone(),
        })
    }
}
