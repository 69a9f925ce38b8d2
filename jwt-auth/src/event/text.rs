//! Events in words.

use std::fmt;

use super::{Event, EventRequest};
use crate::error::{Chain, escaped};

/// Describes the event in one sentence. It does not contain the subject.
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedIn { identity, session: Some(session), .. } => {
                write!(f, "session {session} of user {identity} began")
            }
            Self::SignedIn { identity, session: None, .. } => write!(f, "user {identity} signed in"),
            Self::TokenIssued { identity, session, .. } => {
                write!(f, "session {session} of user {identity} began for an access token")
            }
            Self::SignInRefused { error, request, .. } => write!(f, "{request}: {}", Chain(*error)),
            Self::Throttled { throttled, request, .. } => {
                write!(f, "{request}: too many attempts to sign in: {}", Chain(*throttled))
            }
            Self::Refreshed { identity, session } => {
                write!(f, "session {session} of user {identity} was refreshed")
            }
            Self::Replayed { identity, session } => {
                write!(f, "a retry of the last refresh of session {session} of user {identity} got the same tokens")
            }
            Self::Reused { identity, session } => {
                write!(f, "a refresh token was reused, so session {session} of user {identity} was ended")
            }
            Self::RefreshRefused { reason, session: Some(session), .. } => {
                write!(f, "session {session} was not refreshed: {}", Chain(*reason))
            }
            Self::RefreshRefused { reason, session: None, .. } => {
                write!(f, "a refresh token was rejected: {}", Chain(*reason))
            }
            Self::Elevated { identity, session, acr } => {
                write!(f, "session {session} of user {identity} has a new sign-in")?;
                acr.map_or(Ok(()), |acr| write!(f, " with `acr` `{}`", escaped(acr)))
            }
            Self::SessionEnded { identity, session, reason } => {
                write!(f, "session {session} of user {identity} was ended: {}", reason.words())
            }
            Self::SubjectRevoked { identity, spared: None } => {
                write!(f, "all tokens of user {identity} were revoked")
            }
            Self::SubjectRevoked { identity, spared: Some(spared) } => {
                write!(f, "all tokens of user {identity} were revoked, except those of session {spared}")
            }
            Self::TokenRevoked { token } => write!(f, "access token {token} was revoked"),
            Self::Rejected { error, request } => write!(f, "{request}: {}", Chain(*error)),
            Self::Denied { clause, step_up, request, .. } => {
                let outcome = if *step_up { "step-up authentication required" } else { "access denied" };
                write!(f, "{request}: {outcome}: `{}` is not met", escaped(clause))
            }
            Self::CrossOrigin { sent, names_page, request } => {
                let advice = match names_page {
                    true => "If this page may call the app, add its origin to `origins` in [default.jwt_auth.cookies]",
                    false => {
                        "Browsers send one of the first two headers. A program must send a `Bearer` header, or `Origin`"
                    }
                };
                write!(
                    f,
                    "{request} was rejected because a page of another site may have caused it: {sent}. {advice}"
                )
            }
            Self::RenewalFailed { error, request } => {
                write!(f, "{request}: a session was not renewed: {}", Chain(*error))
            }
            Self::KeysLoaded { issuer: Some(issuer) } => write!(f, "the keys of {issuer} were fetched"),
            Self::KeysLoaded { issuer: None } => f.write_str("the keys were reloaded"),
            Self::KeySkipped { issuer, problem, .. } => write!(f, "a key of {issuer} cannot be used: {problem}"),
            Self::KeysUnavailable { issuer: Some(issuer), error, in_force } => {
                let outcome = match in_force {
                    true => "the last keys stay in force",
                    false => "requests with its tokens get 503",
                };
                write!(f, "the keys of {issuer} could not be fetched, so {outcome}: {}", Chain(*error))
            }
            Self::KeysUnavailable { issuer: None, error, .. } => {
                write!(f, "the keys cannot be reloaded, so the previous keys stay in force: {}", Chain(*error))
            }
            Self::KeysDropped { issuer } => {
                write!(f, "the keys of {issuer} were last fetched more than a day ago and are no longer used")
            }
            Self::SignerChanged { key: Some(key) } => write!(f, "tokens are signed with {key}"),
            Self::SignerChanged { key: None } => {
                f.write_str("tokens are only verified, because no key is in force that can sign them")
            }
            Self::StoreUnavailable { error } => write!(f, "the session store is unavailable: {}", Chain(*error)),
            Self::StoreAvailable { after } => {
                write!(f, "the session store is available again, after {} s", after.as_secs())
            }
            Self::FeedInterrupted { error } => {
                write!(f, "revocations by other processes cannot be received: {}", Chain(*error))
            }
            Self::FeedStale { refuses: true } => f.write_str(
                "revocations by other processes have not been received for `stale_after`, so requests are rejected with 503",
            ),
            Self::FeedStale { refuses: false } => f.write_str(
                "revocations by other processes have not been received for `stale_after`: tokens that they revoked are \
                 accepted until they expire",
            ),
            Self::FeedRestored => f.write_str("revocations by other processes are received again"),
            Self::EndFailed { identity, session, error } => write!(
                f,
                "session {session} of user {identity} should end, but may still be live: {}",
                Chain(*error)
            ),
            Self::StreamCut { error } => {
                write!(f, "a stream or WebSocket ended because the store does not answer: {}", Chain(*error))
            }
        }
    }
}

/// Displays the method and the beginning of the path, since an attacker may have made it long.
impl fmt::Display for EventRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 100;

        write!(f, "{} ", self.method())?;
        self.path().chars().take(LONGEST).try_for_each(|char| write!(f, "{}", char.escape_debug()))
    }
}
