//! The sessions of a user.

use std::cmp::Reverse;
use std::net::IpAddr;

use serde::Serialize;
use uuid::Uuid;

use super::Sessions;
use crate::auth::AnyAuth;
use crate::clock::Timestamp;
use crate::error::{AuthError, InvalidToken};
use crate::family::Family;
use crate::owner::Owner;

/// A session. It begins with a login, or with an access token that has a [lifetime of its
/// own](crate::NewAccessToken::ttl), and ends with a logout or when it expires. Times serialize as seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "utoipa",
    derive(utoipa::ToSchema),
    schema(description = "A session of a user. Times are seconds since 1970.")
)]
#[non_exhaustive]
pub struct Session {
    /// The id: the `sid` of its tokens.
    pub id: Uuid,
    /// When the user signed in.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub created_at: Timestamp,
    /// When the session was last refreshed, or when the tokens of that refresh were first used. When it began, if it was
    /// never refreshed.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub last_used_at: Timestamp,
    /// When the session ends unless it is refreshed.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub expires_at: Timestamp,
    /// When the session ends, however often it is refreshed.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub ends_at: Timestamp,
    /// Whether a refresh token continues the session. If not, it belongs to a single access token with a lifetime of its
    /// own ([`NewAccessToken::ttl`](crate::NewAccessToken::ttl)).
    pub refreshable: bool,
    /// The user agent of the login, if the app stored it.
    pub user_agent: Option<String>,
    /// The name of the device or of the program, if the app set one.
    pub label: Option<String>,
    /// The IP address of the login, if the app stored it.
    #[cfg_attr(feature = "utoipa", schema(value_type = Option<String>))]
    pub ip: Option<IpAddr>,
}

impl From<Family> for Session {
    fn from(family: Family) -> Self {
        let (last_used_at, refreshable) = (family.last_used_at(), family.has_refresh_token());
        Self {
            id: family.sid,
            created_at: family.created_at,
            last_used_at,
            expires_at: family.idle_end,
            ends_at: family.absolute_end,
            refreshable,
            user_agent: family.device.user_agent,
            label: family.device.label,
            ip: family.device.ip,
        }
    }
}

impl Sessions {
    /// Returns the live sessions of an owner, newest first.
    pub(crate) async fn list(&self, owner: &Owner) -> Result<Vec<Session>, AuthError> {
        let now = self.now();
        let families = self.store.call("list", |store| store.list(owner)).await?;
        let mut sessions: Vec<Session> =
            families.into_iter().filter(|family| family.is_live(now)).map(Session::from).collect();
        sessions.sort_by_key(|session| (Reverse(session.created_at), session.id));
        Ok(sessions)
    }

    /// Checks with the store that the session of an access token is live.
    pub(crate) async fn check_session(&self, auth: &AnyAuth) -> Result<(), AuthError> {
        let (owner, sid) = self.session_of(auth)?;
        let asked_at = self.moment();
        self.check_live(&owner, sid).await?;
        if auth.token().is_long_lived() {
            self.was_live(sid, asked_at);
        }
        Ok(())
    }

    /// Checks with the store that a session is live.
    pub(crate) async fn check_live(&self, owner: &Owner, sid: Uuid) -> Result<(), AuthError> {
        let family = self.store.call("find", |store| store.find(owner, sid)).await?;
        match family.is_some_and(|family| family.is_live(self.now())) {
            true => Ok(()),
            false => Err(InvalidToken::Revoked.into()),
        }
    }
}
