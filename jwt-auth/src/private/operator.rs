//! Operations for the program `jwt-auth`, which has no claims types and names kinds instead.

use std::path::PathBuf;
use std::sync::Arc;

use rocket::figment::Figment;
use uuid::Uuid;

use crate::auth::AccessTokenId;
use crate::clock::{SystemClock, Timestamp};
use crate::config::Settings;
use crate::error::{AuthError, InvalidToken, StartupError};
use crate::event::{EndReason, Observers};
use crate::jws::is_id_of_only_token;
use crate::jwt_auth::JwtAuth;
use crate::keyring::{Jwks, Keyring, TrustedIssuer};
use crate::session::Session;

/// What identifies the sessions of an app.
pub struct Target {
    pub issuer: Option<String>,
    /// The addresses of the Redis, without passwords.
    pub redis: Option<String>,
    pub prefix: String,
}

/// Returns the sessions that an app with these settings would use.
pub fn target(figment: &Figment) -> Result<Target, StartupError> {
    let settings = Settings::read(figment)?;
    Ok(Target {
        issuer: settings.tokens.issuer,
        redis: settings.store.redis.map(|redis| redis.shown()),
        prefix: settings.store.prefix,
    })
}

/// Returns the public keys of an app with these settings. Uses no store.
pub fn jwks(figment: &Figment) -> Result<Jwks, StartupError> {
    let settings = Settings::read(figment)?;
    let ephemeral = figment.profile() == rocket::Config::DEBUG_PROFILE;
    let clock = Arc::new(SystemClock::new());
    Ok(Keyring::new(settings.keys, settings.tokens.leeway, ephemeral, clock, Observers::default())?
        .own
        .jwks())
}

/// Returns the files with private keys or secrets that the members of their group can read, but not every user. Files of
/// root are left out. The launch warns of files that every user can read.
pub fn files_open_to_group(figment: &Figment) -> Result<Vec<PathBuf>, StartupError> {
    Ok(crate::keyring::files_open_to_group(&Settings::read(figment)?.keys))
}

pub async fn sessions(auth: &JwtAuth, kind: Option<&str>, subject: &str) -> Result<Vec<Session>, AuthError> {
    auth.sessions_of(kind, subject).await
}

pub async fn revoke_session(
    auth: &JwtAuth,
    kind: Option<&str>,
    subject: &str,
    id: Uuid,
) -> Result<bool, AuthError> {
    auth.revoke_session_of(kind, subject, id).await
}

pub async fn revoke_subject(auth: &JwtAuth, kind: Option<&str>, subject: &str) -> Result<usize, AuthError> {
    auth.revoke_subject_of(kind, subject).await
}

/// Ends all sessions but one. Ends nothing and returns `None` if that one is not live.
pub async fn revoke_others(
    auth: &JwtAuth,
    kind: Option<&str>,
    subject: &str,
    spared: Uuid,
) -> Result<Option<usize>, AuthError> {
    auth.revoke_others_of(kind, subject, spared).await
}

/// Revokes one access token by its id.
pub async fn revoke_token(auth: &JwtAuth, id: Uuid) -> Result<(), AuthError> {
    auth.revoke_access_token(AccessTokenId::from(id)).await
}

/// Returns whether an id may be that of a long-lived token, which is revoked by ending its session.
pub fn is_id_of_long_lived(id: Uuid) -> bool {
    is_id_of_only_token(id)
}

/// Ends the session that an access token names, and returns whether the store had it. Returns `None`, and ends nothing, if
/// the token does not name a session of this app.
pub async fn end_session_of(auth: &JwtAuth, token: &str) -> Result<Option<bool>, AuthError> {
    match auth.engine().named_session(token) {
        Some((owner, sid)) => auth.engine().end_family(&owner, sid, EndReason::Revoked).await.map(Some),
        None => Ok(None),
    }
}

/// Escapes the characters of an untrusted text that would confuse a terminal.
pub fn escaped(text: &str) -> String {
    crate::error::escaped(text)
}

/// The issuer that a token names.
pub enum Origin<'a> {
    /// This app, or the token names no issuer.
    App,
    Trusted(Trusted<'a>),
    Unknown,
}

/// A trusted issuer.
pub struct Trusted<'a>(&'a TrustedIssuer);

impl Trusted<'_> {
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Returns the audiences in the settings.
    pub fn audience(&self) -> &[String] {
        &self.0.audience
    }

    /// Returns the claim that contains the audience.
    pub fn audience_claim(&self) -> &str {
        &self.0.audience_claim
    }

    /// Returns the maximum length of its tokens, in bytes.
    pub fn max_token_length(&self) -> usize {
        self.0.max_token_length
    }
}

/// Returns the issuer that an unverified token names.
pub fn origin<'a>(auth: &'a JwtAuth, token: &str) -> Origin<'a> {
    let verifier = auth.verifier();
    match verifier.named_trusted_issuer(token) {
        Some(issuer) => Origin::Trusted(Trusted(issuer)),
        None if verifier.names_own_issuer(token) => Origin::App,
        None => Origin::Unknown,
    }
}

/// Verifies an access token of this app in the same way as a route whose claims type has the audience `kind`. Returns whether the
/// token has a session. If it does, and other processes share the sessions, the session is live.
pub async fn inspect_own(auth: &JwtAuth, token: &str, kind: Option<&str>) -> Result<bool, AuthError> {
    let (subject, info) = auth.verifier().inspect_own(token, kind)?;
    let Some(sid) = info.session_id else { return Ok(false) };
    if auth.shares_sessions() {
        auth.engine().check_live(&auth.engine().signer.owner(kind, &subject), sid).await?;
    }
    Ok(true)
}

/// Verifies a token of a trusted issuer in the same way as a route whose claims type has this audience. Fetches the keys of the
/// issuer if necessary. Returns whether the audience was checked: it cannot be if only a claims type names it.
pub async fn inspect_trusted(
    auth: &JwtAuth,
    issuer: &Trusted<'_>,
    token: &str,
    audience: Option<&str>,
) -> Result<bool, AuthError> {
    #[cfg(feature = "remote")]
    auth.verifier().fetch_keys_of(issuer.0, token).await?;
    Ok(auth.verifier().inspect_trusted(issuer.0, token, audience)?)
}

/// The access token that a text contains.
pub struct Identified {
    pub id: Uuid,
    pub expires_at: Timestamp,
    /// Whether it is past its expiry, including the leeway.
    pub has_expired: bool,
    /// Whether it is the only token of its session.
    pub is_long_lived: bool,
}

/// Identifies an access token of this app by its signature. Checks neither its audience nor its session.
pub fn identify(auth: &JwtAuth, token: &str) -> Result<Identified, AuthError> {
    if let Origin::Trusted(_) = origin(auth, token) {
        return Err(InvalidToken::WrongIssuer.into());
    }
    match auth.verifier().identify_own(token) {
        Ok(info) => Ok(Identified {
            id: info.token_id,
            expires_at: info.expires_at,
            is_long_lived: info.is_long_lived(),
            has_expired: info.validity.check(auth.now()) == Err(InvalidToken::Expired),
        }),
        Err(error) => Err(error.into()),
    }
}
