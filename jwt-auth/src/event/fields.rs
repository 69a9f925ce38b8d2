//! The fields of events, for documents, traces and metrics.

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::{Event, EventRequest, Identity};
use crate::error::{AuthError, InvalidGrant, StoreError};

/// The fields of an event. None of them contains a token or personal data.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Fields<'a> {
    pub(super) event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) clause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// Returns the name of the event, in snake case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "signed_in",
            Self::TokenIssued { .. } => "token_issued",
            Self::SignInRefused { .. } => "sign_in_refused",
            Self::Throttled { .. } => "throttled",
            Self::Refreshed { .. } => "refreshed",
            Self::Replayed { .. } => "replayed",
            Self::Reused { .. } => "reused",
            Self::RefreshRefused { .. } => "refresh_refused",
            Self::Elevated { .. } => "elevated",
            Self::SessionEnded { .. } => "session_ended",
            Self::SubjectRevoked { .. } => "subject_revoked",
            Self::TokenRevoked { .. } => "token_revoked",
            Self::Rejected { .. } => "rejected",
            Self::Denied { .. } => "denied",
            Self::CrossOrigin { .. } => "cross_origin",
            Self::RenewalFailed { .. } => "renewal_failed",
            Self::KeysLoaded { .. } => "keys_loaded",
            Self::KeySkipped { .. } => "key_skipped",
            Self::KeysUnavailable { .. } => "keys_unavailable",
            Self::KeysDropped { .. } => "keys_dropped",
            Self::SignerChanged { .. } => "signer_changed",
            Self::StoreUnavailable { .. } => "store_unavailable",
            Self::StoreAvailable { .. } => "store_available",
            Self::FeedInterrupted { .. } => "feed_interrupted",
            Self::FeedStale { .. } => "feed_stale",
            Self::FeedRestored => "feed_restored",
            Self::EndFailed { .. } => "end_failed",
            Self::StreamCut { .. } => "stream_cut",
        }
    }

    /// Returns the reason for a rejection or an end, in snake case, from a fixed list.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::SignInRefused { error, .. }
            | Self::Rejected { error, .. }
            | Self::Denied { error, .. }
            | Self::RenewalFailed { error, .. }
            | Self::EndFailed { error, .. }
            | Self::StreamCut { error } => Some(error.reason()),
            Self::RefreshRefused { reason, .. } => Some(InvalidGrant::reason(reason)),
            Self::SessionEnded { reason, .. } => Some(reason.name()),
            Self::Throttled { throttled, .. } => Some(throttled.limit.name()),
            Self::CrossOrigin { .. } => Some(AuthError::CrossOrigin.reason()),
            Self::StoreUnavailable { error } | Self::FeedInterrupted { error } => {
                Some(StoreError::reason(error))
            }
            _ => None,
        }
    }

    /// Returns the user that the event concerns, if it concerns one.
    pub fn identity(&self) -> Option<Identity<'a>> {
        match self {
            Self::SignedIn { identity, .. }
            | Self::TokenIssued { identity, .. }
            | Self::Refreshed { identity, .. }
            | Self::Replayed { identity, .. }
            | Self::Reused { identity, .. }
            | Self::Elevated { identity, .. }
            | Self::SessionEnded { identity, .. }
            | Self::EndFailed { identity, .. }
            | Self::SubjectRevoked { identity, .. } => Some(*identity),
            Self::RefreshRefused { identity, .. } | Self::Denied { identity, .. } => *identity,
            _ => None,
        }
    }

    /// Returns the id of the session, if the event is about one.
    pub fn session(&self) -> Option<Uuid> {
        match self {
            Self::TokenIssued { session, .. }
            | Self::Refreshed { session, .. }
            | Self::Replayed { session, .. }
            | Self::Reused { session, .. }
            | Self::Elevated { session, .. }
            | Self::SessionEnded { session, .. }
            | Self::EndFailed { session, .. } => Some(*session),
            Self::SignedIn { session, .. } | Self::RefreshRefused { session, .. } => *session,
            _ => None,
        }
    }

    /// Returns the request, if the event is about the response to one.
    pub fn request(&self) -> Option<&EventRequest<'a>> {
        match self {
            Self::SignInRefused { request, .. }
            | Self::Throttled { request, .. }
            | Self::Rejected { request, .. }
            | Self::Denied { request, .. }
            | Self::CrossOrigin { request, .. }
            | Self::RenewalFailed { request, .. } => Some(request),
            _ => None,
        }
    }

    pub(super) fn fields(&self) -> Fields<'a> {
        let identity = self.identity();
        let fields = Fields {
            event: self.name(),
            reason: self.reason(),
            subject: identity.map(Identity::digest),
            kind: identity.and_then(Identity::kind),
            session: self.session(),
            route: self.request().and_then(EventRequest::route),
            ..Fields::default()
        };
        match *self {
            Self::TokenRevoked { token } => Fields { token: Some(token), ..fields },
            Self::Denied { clause, .. } => Fields { clause: Some(clause), ..fields },
            Self::Elevated { acr, .. } => Fields { acr, ..fields },
            Self::KeysLoaded { issuer } | Self::KeysUnavailable { issuer, .. } => Fields { issuer, ..fields },
            Self::KeySkipped { issuer, .. } | Self::KeysDropped { issuer } => {
                Fields { issuer: Some(issuer), ..fields }
            }
            _ => fields,
        }
    }
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}
