//! Events: what happens to sessions, tokens, keys and the store, for observers. The log, metrics and traces are
//! observers, too, so each fact is recorded in one place.

mod end_reason;
mod fields;
mod identity;
mod level;
#[cfg(feature = "metrics")]
mod metrics;
mod observers;
mod record;
mod request;
mod span;
mod text;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use uuid::Uuid;

use crate::error::{AuthError, InvalidGrant, StoreError, Throttled};
use crate::family::Device;

pub use end_reason::EndReason;
pub use identity::Identity;
#[cfg(feature = "metrics")]
pub(crate) use metrics::{describe, feed_age, revocations, store_seconds};
pub(crate) use observers::{Observer, Observers};
pub use request::EventRequest;
#[cfg(feature = "remote")]
pub(crate) use span::fetching_keys;
pub(crate) use span::store_call;

/// Something that happened to a session, a token, the keys or the store. [`Fairing::observe`](crate::Fairing::observe)
/// passes each event to the app's observers, once, after the fact.
///
/// An event never contains a token. It serializes as an object with the fields `event`, and where they apply `reason`,
/// `subject`, `kind`, `session`, `token`, `clause`, `route`, `issuer` and `acr`. The `subject` is a digest: see
/// [`Identity`]. [`Display`](fmt::Display) describes the event in one sentence, as the log does; for a request, this
/// includes the beginning of its path. Neither form contains an IP address.
///
/// Later versions may add events and fields.
///
/// # Example
///
/// ```
/// use jwt_auth::{Event, JwtAuth};
///
/// let fairing = JwtAuth::fairing().observe(|event: &Event<'_>| {
///     if let Event::Reused { identity, .. } = event {
///         println!("a refresh token of {} was stolen", identity.subject());
///     }
/// });
/// # rocket::build().attach(fairing);
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A session began.
    #[non_exhaustive]
    SignedIn {
        /// Whose session it is.
        identity: Identity<'a>,
        /// The id of the session. `None` for a login in the first phase of
        /// [`fastapi_framework`](crate::compat::fastapi_framework), whose tokens belong to no session.
        session: Option<Uuid>,
        /// The device, as the app stored it with the session.
        device: &'a Device,
    },
    /// An access token with a lifetime of its own was issued ([`NewAccessToken::ttl`](crate::NewAccessToken::ttl)), and a
    /// session began for it.
    #[non_exhaustive]
    TokenIssued {
        /// Whose token it is.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
        /// The device, with the label of the token.
        device: &'a Device,
    },
    /// The response to a login, or to a new sign-in within a session, was [`AuthError::InvalidCredentials`].
    #[non_exhaustive]
    SignInRefused {
        /// The error.
        error: &'a AuthError,
        /// The name of the account, as the client sent it to a [session route](crate::session_routes): there may be no
        /// such account. `None` for a handler of the app. It may be personal data, and is not in the serialized event.
        account: Option<&'a str>,
        /// The request.
        request: EventRequest<'a>,
    },
    /// An attempt to sign in was rejected before the credentials were checked, because there were too many.
    #[non_exhaustive]
    Throttled {
        /// The limit, and how long to wait.
        throttled: &'a Throttled,
        /// The name of the account, as the client sent it: there may be no such account. `None` if the limit of the network
        /// rejected the request before its body was read. It may be personal data, and is not in the serialized event.
        account: Option<&'a str>,
        /// The request.
        request: EventRequest<'a>,
    },
    /// A refresh token was replaced by its successor.
    #[non_exhaustive]
    Refreshed {
        /// Whose session it is.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
    },
    /// A refresh token got the same successor again: two requests raced, or a response was lost.
    #[non_exhaustive]
    Replayed {
        /// Whose session it is.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
    },
    /// A refresh token was reused, so it was probably stolen. [`SessionEnded`](Self::SessionEnded) follows.
    #[non_exhaustive]
    Reused {
        /// Whose session it was.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
    },
    /// A refresh token was not accepted. A reused token that ends its session causes [`Reused`](Self::Reused) instead.
    #[non_exhaustive]
    RefreshRefused {
        /// The reason.
        reason: &'a InvalidGrant,
        /// Whose session it was, if the token verified.
        identity: Option<Identity<'a>>,
        /// The id of the session, if the token verified.
        session: Option<Uuid>,
    },
    /// A session got a new sign-in ([`JwtAuth::reauthenticate`](crate::JwtAuth::reauthenticate)).
    #[non_exhaustive]
    Elevated {
        /// Whose session it is.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
        /// The authentication context of the sign-in.
        acr: Option<&'a str>,
    },
    /// A session was ended. A session that expires causes no event.
    #[non_exhaustive]
    SessionEnded {
        /// Whose session it was.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
        /// The reason.
        reason: EndReason,
    },
    /// All tokens of a user were revoked, except those of one session if that was spared.
    /// [`SessionEnded`](Self::SessionEnded) follows for each session that the store had.
    #[non_exhaustive]
    SubjectRevoked {
        /// Whose tokens they were.
        identity: Identity<'a>,
        /// The id of the session that continues.
        spared: Option<Uuid>,
    },
    /// One access token was revoked.
    #[non_exhaustive]
    TokenRevoked {
        /// The id of the token (`jti`).
        token: Uuid,
    },
    /// A request was rejected with an error that has no event of its own, by a guard or by a handler.
    #[non_exhaustive]
    Rejected {
        /// The error.
        error: &'a AuthError,
        /// The request.
        request: EventRequest<'a>,
    },
    /// A caller with a valid token was denied, or must sign in again.
    #[non_exhaustive]
    Denied {
        /// The error.
        error: &'a AuthError,
        /// The clause that is not met, as written in the source code.
        clause: &'a str,
        /// Whether the caller may meet the policy after signing in again.
        step_up: bool,
        /// The caller. `None` if a handler decided, or if a trusted issuer issued the token.
        identity: Option<Identity<'a>>,
        /// The request.
        request: EventRequest<'a>,
    },
    /// A request was rejected because a page of another site may have caused it.
    #[non_exhaustive]
    CrossOrigin {
        /// What the request says about the page: the headers that decide.
        sent: &'a str,
        /// Whether it says anything. A program usually does not.
        names_page: bool,
        /// The request.
        request: EventRequest<'a>,
    },
    /// A request could not renew its expired session cookies, because something did not answer.
    #[non_exhaustive]
    RenewalFailed {
        /// The error.
        error: &'a AuthError,
        /// The request.
        request: EventRequest<'a>,
    },
    /// Keys were replaced.
    #[non_exhaustive]
    KeysLoaded {
        /// The issuer whose keys were fetched. `None` for the keys in the settings.
        issuer: Option<&'a str>,
    },
    /// A published key cannot be used.
    #[non_exhaustive]
    KeySkipped {
        /// The issuer.
        issuer: &'a str,
        /// The problem with the key.
        problem: &'a str,
        /// Whether the key is for something other than signatures, so that nothing is wrong.
        is_harmless: bool,
    },
    /// Keys could not be fetched or loaded.
    #[non_exhaustive]
    KeysUnavailable {
        /// The issuer whose keys could not be fetched. `None` for the keys in the settings.
        issuer: Option<&'a str>,
        /// The error.
        error: &'a (dyn Error + 'static),
        /// Whether earlier keys stay in force. Otherwise, tokens of the issuer are answered with 503.
        in_force: bool,
    },
    /// The keys of an issuer were fetched so long ago that they are no longer used.
    #[non_exhaustive]
    KeysDropped {
        /// The issuer.
        issuer: &'a str,
    },
    /// Another key signs from now on.
    #[non_exhaustive]
    SignerChanged {
        /// The key: its algorithm and its `kid`. `None` if no key signs.
        key: Option<&'a str>,
    },
    /// The store did not answer a call, or rejected it. Further failures cause no event until it is
    /// [available](Self::StoreAvailable).
    #[non_exhaustive]
    StoreUnavailable {
        /// The error.
        error: &'a StoreError,
    },
    /// The store answers again.
    #[non_exhaustive]
    StoreAvailable {
        /// How long it was unavailable.
        after: Duration,
    },
    /// Revocations by other processes cannot be received. What happens then is the setting `when_stale`.
    #[non_exhaustive]
    FeedInterrupted {
        /// The error.
        error: &'a StoreError,
    },
    /// Revocations by other processes were not received for as long as the setting `stale_after`.
    #[non_exhaustive]
    FeedStale {
        /// Whether requests are rejected with 503 (`when_stale = "refuse"`).
        refuses: bool,
    },
    /// Revocations by other processes are received again. None was missed.
    FeedRestored,
    /// A session that should end may still be live, because the store did not answer.
    #[non_exhaustive]
    EndFailed {
        /// Whose session it is.
        identity: Identity<'a>,
        /// The id of the session.
        session: Uuid,
        /// The error.
        error: &'a AuthError,
    },
    /// A stream or WebSocket ended because the store did not answer whether its session is still live.
    #[non_exhaustive]
    StreamCut {
        /// The error.
        error: &'a AuthError,
    },
}

/// Shows the same fields as the serialized event.
impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().fmt(f)
    }
}
