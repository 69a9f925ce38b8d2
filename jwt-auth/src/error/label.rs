//! The names of errors, for metrics and documents. They are part of the interface, because dashboards refer to them.

use super::auth::AuthError;
use super::reason::{InvalidGrant, InvalidToken};
use super::store::StoreError;

impl AuthError {
    /// Returns the name of the reason, in snake case, from a fixed list. It is [`code`](Self::code), or a more specific name
    /// for an invalid token or refresh token.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::InvalidToken(reason) => reason.reason(),
            Self::InvalidGrant(reason) => reason.reason(),
            _ => self.code(),
        }
    }
}

impl InvalidToken {
    fn reason(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::Malformed => "malformed",
            Self::WrongType => "wrong_type",
            Self::WrongAlgorithm => "wrong_algorithm",
            Self::UnknownKey => "unknown_key",
            Self::Critical => "critical",
            Self::BadSignature => "bad_signature",
            Self::BadClaims(_) => "bad_claims",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience { .. } => "wrong_audience",
            Self::SenderConstrained => "sender_constrained",
            Self::IdToken => "id_token",
            Self::Revoked => "revoked",
            Self::RepeatedCookie => "repeated_cookie",
            Self::NotChecked => "not_checked",
            Self::NoSession => "no_session",
        }
    }
}

impl InvalidGrant {
    /// Returns the name of the reason, in snake case.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Token(reason) => reason.reason(),
            Self::Unknown => "unknown",
            Self::Expired => "session_expired",
            Self::Reused => "reused",
            Self::WrongKind => "wrong_kind",
            Self::SubjectType { .. } => "subject_type",
            Self::WrongSubject => "wrong_subject",
            Self::NoSuchSubject => "no_such_subject",
        }
    }
}

impl StoreError {
    /// Returns the name of the reason, in snake case.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::TimedOut(_) => "timed_out",
            Self::Busy(_) => "busy",
            Self::Unreplicated { .. } => "unreplicated",
            Self::Corrupt(_) => "corrupt",
        }
    }
}
