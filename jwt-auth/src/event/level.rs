//! The levels at which events are logged.

use log::Level;

use super::{EndReason, Event};
use crate::error::{AuthError, InvalidGrant, InvalidToken};

impl Event<'_> {
    /// Returns the level. Routine events have the level debug.
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Rejected { error, .. } => rejection(error),
            Self::RefreshRefused { reason, .. } => match reason {
                // The loader has a bug.
                InvalidGrant::SubjectType { .. } | InvalidGrant::WrongSubject => Level::Error,
                InvalidGrant::Reused => Level::Warn,
                _ => Level::Info,
            },
            Self::SessionEnded { reason, .. } => match reason {
                EndReason::Resurrected => Level::Warn,
                EndReason::Limit => Level::Info,
                _ => Level::Debug,
            },
            Self::KeySkipped { is_harmless, .. } => {
                if *is_harmless {
                    Level::Debug
                } else {
                    Level::Warn
                }
            }
            Self::SignedIn { .. }
            | Self::Refreshed { .. }
            | Self::Replayed { .. }
            | Self::Elevated { .. } => Level::Debug,
            Self::SubjectRevoked { .. }
            | Self::TokenRevoked { .. }
            | Self::TokenIssued { .. }
            | Self::SignInRefused { .. }
            | Self::Throttled { .. }
            | Self::Denied { .. }
            | Self::KeysLoaded { .. }
            | Self::SignerChanged { .. } => Level::Info,
            Self::Reused { .. }
            | Self::CrossOrigin { .. }
            | Self::StoreAvailable { .. }
            | Self::FeedInterrupted { .. }
            | Self::FeedRestored
            | Self::EndFailed { .. }
            | Self::StreamCut { .. } => Level::Warn,
            Self::KeysUnavailable { issuer: Some(_), .. } => Level::Warn,
            Self::RenewalFailed { .. }
            | Self::KeysUnavailable { issuer: None, .. }
            | Self::KeysDropped { .. }
            | Self::StoreUnavailable { .. }
            | Self::FeedStale { .. } => Level::Error,
        }
    }
}

fn rejection(error: &AuthError) -> Level {
    match error {
        // A browser that is not signed in causes it with every page.
        AuthError::Unauthorized => Level::Debug,
        // The message says what to set.
        AuthError::InvalidToken(InvalidToken::IdToken | InvalidToken::SenderConstrained) => Level::Warn,
        error if error.status().class().is_server_error() => Level::Error,
        _ => Level::Info,
    }
}
