//! The sessions of a user, to look at and to end.

use std::fmt::Display;
use std::net::IpAddr;

use serde::Serialize;
use uuid::Uuid;

use super::{Device, Family};
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::store::{Revocation, SubjectDigest};

/// A session: what began with a login and ends with a logout, or by itself. Times are seconds since
/// 1970 when serialized.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "utoipa",
    derive(utoipa::ToSchema),
    schema(description = "A session of a user. Times are seconds since 1970.")
)]
#[non_exhaustive]
pub struct Session {
    /// Its id, the `sid` of its tokens.
    pub id: Uuid,
    /// When its user signed in.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub created_at: Timestamp,
    /// When it was last refreshed.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub last_used_at: Timestamp,
    /// When it ends unless it is refreshed before.
    #[cfg_attr(feature = "utoipa", schema(value_type = u64))]
    pub expires_at: Timestamp,
    /// The user agent of the login, if it was kept.
    pub user_agent: Option<String>,
    /// The name of its device, if the app gave one.
    pub label: Option<String>,
    /// The address that the login came from, if the app had it kept.
    #[cfg_attr(feature = "utoipa", schema(value_type = Option<String>))]
    pub ip: Option<IpAddr>,
}

impl From<Family> for Session {
    fn from(family: Family) -> Self {
        let last_used_at = family.last_used_at();
        let Device { user_agent, label, ip } = family.device;
        Self {
            id: family.sid,
            created_at: family.created_at,
            last_used_at,
            expires_at: family.idle_end,
            user_agent,
            label,
            ip,
        }
    }
}

impl JwtAuth {
    /// The live sessions of a subject, the newest first.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave no answer.
    pub async fn sessions(&self, subject: impl Display) -> Result<Vec<Session>, AuthError> {
        let subject = subject.to_string();
        let now = self.now();
        let families = self.store_call(|store| store.list(&subject)).await?;
        let mut sessions: Vec<Session> =
            families.into_iter().filter(|family| family.is_live(now)).map(Session::from).collect();
        sessions.sort_by_key(|session| (std::cmp::Reverse(session.created_at), session.id));
        Ok(sessions)
    }

    /// Ends one session of a subject, and says whether the subject had it. Its access tokens are
    /// refused from now on. A session of another subject is left alone.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave no answer:
    /// the session may live. Asked again, it may say that there was none: then the first try had ended it.
    pub async fn revoke_session(&self, subject: impl Display, id: Uuid) -> Result<bool, AuthError> {
        let subject = subject.to_string();
        let removed = self.store_call(|store| store.remove(&subject, id)).await?;
        if removed {
            self.revoke(Revocation::Session(id));
        }
        Ok(removed)
    }

    /// Ends all sessions of a subject, a logout everywhere, and says how many there were. Their
    /// access tokens are refused from now on; those of a later login are not. Also refused are the
    /// subject's tokens of no session that were issued up to this second.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave no answer:
    /// sessions may live.
    pub async fn revoke_subject(&self, subject: impl Display) -> Result<usize, AuthError> {
        let subject = subject.to_string();
        self.revoke_foreign(&subject).await?;
        let now = self.now();
        let removed = self.store_call(|store| store.remove_all(&subject, now)).await?;
        self.revoke(Revocation::Subject(SubjectDigest::of(&subject), now));
        for sid in &removed {
            self.revoke(Revocation::Session(*sid));
        }
        Ok(removed.len())
    }
}
