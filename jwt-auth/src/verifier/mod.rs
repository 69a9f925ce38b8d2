//! From the text of a token to checked claims: the whole of RFC 8725 that a verifier can do.
//!
//! `jsonwebtoken::decode` is not used, since it leaves open what is closed here: `crit`, `typ` and
//! `iat` are not looked at, and registered claims of a wrong type count as absent.

mod candidate;
mod checked;
mod expected;
mod header;
mod kinds;
mod parts;
mod remembered;
mod signatures;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use serde::de::IgnoredAny;
use uuid::{Builder, Uuid};

use crate::claims::{Claims, Kind, Registered, SignIn, Text, claim, read, read_of_other_issuer};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::error::InvalidToken;
use crate::keyring::{Keyring, OtherIssuer, TokenKind};
pub use candidate::{Candidate, Verified};
pub(crate) use checked::{Checked, Window};
use expected::Expected;
use header::Header;
use parts::{Parts, decode_text};
pub(crate) use remembered::Remembered;
pub(crate) use signatures::Signatures;

/// No longer token is looked at. Servers accept headers of about this size.
pub(crate) const MAX_LENGTH: usize = 8 * 1024;

/// Verifies tokens against the keyring and the settings.
pub(crate) struct Verifier {
    keyring: Arc<Keyring>,
    issuer: Option<String>,
    audience: Vec<String>,
    leeway: Duration,
}

/// A payload whose signature and header are good and whose claims nobody has looked at.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) payload: String,
    pub(crate) kind: TokenKind,
}

impl Verifier {
    pub(crate) fn new(keyring: Arc<Keyring>, settings: &Settings) -> Self {
        Self {
            keyring,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            leeway: settings.leeway,
        }
    }

    /// Checks the form, the header and the signature of a token of this app.
    pub(crate) fn signature(&self, token: &str, kind: TokenKind) -> Result<Signed, InvalidToken> {
        let parts = Parts::of(token)?;
        let keys = self.keyring.own.load();
        // Our own headers are recognised as they are.
        match keys.recognise(parts.header, kind, self.keyring.own.clock())? {
            Some(key) => parts.signed_by([key])?,
            None => parts.signed_by_any(&self.keyring.own, |header| is_typ(header, kind.typ()))?,
        }
        Ok(Signed { payload: decode_text(parts.payload)?, kind })
    }

    /// Checks the form, the header and the signature of a token of another issuer, and gives its payload. Not
    /// every issuer says what its tokens are, and a refresh token of ours is none of theirs.
    pub(crate) fn signature_of(&self, issuer: &OtherIssuer, token: &str) -> Result<String, InvalidToken> {
        let parts = Parts::of(token)?;
        parts.signed_by_any(&issuer.keys, |header| {
            header.typ.is_none() || is_typ(header, TokenKind::Access.typ()) || is_typ(header, "JWT")
        })?;
        decode_text(parts.payload)
    }

    /// Reads the claims and checks the registered ones.
    pub(crate) fn claims<C: Claims>(
        &self,
        signed: &Signed,
        now: Timestamp,
    ) -> Result<(C, Checked), InvalidToken> {
        let (claims, registered) = read::<C>(&signed.payload).map_err(unread)?;
        let dates = Dates::of(&registered, self.leeway)?;
        dates.good.check(now)?;
        let checked = self.check_names(&registered, dates, C::AUDIENCE)?;
        if C::SUBJECT_FIELD.is_none() && registered.sub.as_deref() != Some(claims.subject().as_str()) {
            return Err(bad("`sub` is not the subject of the data"));
        }
        Ok((claims, checked))
    }

    /// Reads the claims, whether or not they are good at this time.
    pub(crate) fn undated_claims<C: Claims>(&self, signed: &Signed) -> Result<(C, Checked), InvalidToken> {
        let (claims, registered) = read::<C>(&signed.payload).map_err(unread)?;
        let dates = Dates::of(&registered, self.leeway)?;
        Ok((claims, self.check_names(&registered, dates, C::AUDIENCE)?))
    }

    /// Reads the claims of a token of another issuer, and checks what says that it is for this app, and good.
    pub(crate) fn claims_of<C: Claims>(
        &self,
        issuer: &OtherIssuer,
        payload: &str,
        now: Timestamp,
    ) -> Result<(C, Checked), InvalidToken> {
        let (claims, registered) = read_of_other_issuer::<C>(payload).map_err(unread)?;
        let expires_at = registered.exp.map(Timestamp::from).ok_or_else(|| missing("exp"))?;
        let not_before = registered.nbf.map(Timestamp::from);
        let good = Window::new(not_before, expires_at, self.leeway);
        good.check(now)?;
        if registered.iss.as_deref() != Some(&issuer.name) {
            return Err(InvalidToken::WrongIssuer);
        }
        let expected = Expected::of(issuer, C::AUDIENCE);
        if expected.is_empty() || !expected.is_named(payload)? {
            return Err(InvalidToken::WrongAudience);
        }
        if claims.subject().is_empty() {
            return Err(missing("sub"));
        }
        let checked = Checked {
            issued_at: registered.iat.map(Timestamp::from).or(not_before).unwrap_or(now),
            expires_at,
            good,
            token_id: registered.jti.unwrap_or_else(|| id_of(payload)),
            session_id: None,
            sign_in: SignIn::of(&registered),
            is_ours: false,
        };
        Ok((claims, checked))
    }

    /// Whether the token of which this is the payload, and which nobody has verified, says that it is of this
    /// kind.
    fn fits(&self, kind: Kind, payload: &str) -> Result<Fit, InvalidToken> {
        let issuer = claim::<Text<'_>>(payload, "iss").map_err(unread)?;
        let issuer = issuer.as_ref().map(|Text(issuer)| &**issuer);
        let is_issuer = match kind.issuer {
            None => self.may_be_ours(issuer),
            name => issuer == name,
        };
        Ok(match (is_issuer, self.expected(kind).is_named(payload)?) {
            (false, _) => Fit::OtherIssuer,
            (true, false) => Fit::OtherAudience,
            (true, true) => Fit::Fits,
        })
    }

    /// Whether it says neither whose it is nor for whom.
    fn is_nameless(&self, payload: &str) -> Result<bool, InvalidToken> {
        let is_there = |name| -> Result<bool, InvalidToken> {
            Ok(claim::<IgnoredAny>(payload, name).map_err(unread)?.is_some())
        };
        Ok(!is_there("iss")? && !is_there("aud")?)
    }

    /// Whether the `iss` of a token is not that of somebody else.
    fn may_be_ours(&self, issuer: Option<&str>) -> bool {
        match &self.issuer {
            Some(own) => issuer == Some(own),
            None => issuer.is_none_or(|issuer| self.keyring.other(issuer).is_none()),
        }
    }

    fn check_names(
        &self,
        registered: &Registered<'_>,
        dates: Dates,
        audience: Option<&str>,
    ) -> Result<Checked, InvalidToken> {
        if !self.may_be_ours(registered.iss.as_deref()) {
            return Err(InvalidToken::WrongIssuer);
        }
        if !Expected::ours(&self.audience, audience).is_in(registered.aud.as_ref()) {
            return Err(InvalidToken::WrongAudience);
        }
        if registered.sub.as_deref().is_none_or(str::is_empty) {
            return Err(missing("sub"));
        }
        let token_id = registered.jti.ok_or_else(|| missing("jti"))?;
        Ok(Checked {
            issued_at: dates.issued_at,
            expires_at: dates.expires_at,
            good: dates.good,
            token_id,
            session_id: registered.sid,
            sign_in: SignIn::of(registered),
            is_ours: true,
        })
    }
}

/// How a token and a kind of claims go together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Fits,
    OtherIssuer,
    OtherAudience,
}

struct Dates {
    expires_at: Timestamp,
    issued_at: Timestamp,
    good: Window,
}

impl Dates {
    fn of(registered: &Registered<'_>, leeway: Duration) -> Result<Self, InvalidToken> {
        let expires_at = registered.exp.map(Timestamp::from).ok_or_else(|| missing("exp"))?;
        let issued_at = registered.iat.map(Timestamp::from).ok_or_else(|| missing("iat"))?;
        let not_before = registered.nbf.map_or(issued_at, |nbf| issued_at.max(nbf.into()));
        Ok(Self { expires_at, issued_at, good: Window::new(Some(not_before), expires_at, leeway) })
    }
}

/// The `kid` and the payload of a token that nobody has verified.
#[cfg(feature = "remote")]
pub(crate) fn unverified(token: &str) -> Option<(Option<String>, String)> {
    let parts = Parts::of(token).ok()?;
    let header = decode_text(parts.header).ok()?;
    let header: Header<'_> = serde_json::from_str(&header).ok()?;
    Some((header.kid.map(Into::into), decode_text(parts.payload).ok()?))
}

/// An id for what has none: a digest of its text, in the form of a UUID.
pub(crate) fn id_of(text: &str) -> Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    Builder::from_custom_bytes(half).into_uuid()
}

pub(crate) fn unread(error: serde_json::Error) -> InvalidToken {
    InvalidToken::BadClaims(error.to_string())
}

pub(crate) fn missing(name: &str) -> InvalidToken {
    bad(&format!("`{name}` is missing"))
}

pub(crate) fn bad(what: &str) -> InvalidToken {
    InvalidToken::BadClaims(what.to_owned())
}

/// Media types compare without regard to case, and may leave out `application/` (RFC 7515, section
/// 4.1.9; RFC 9068, section 4).
fn is_typ(header: &Header<'_>, expected: &str) -> bool {
    let typ = header.typ.as_deref().unwrap_or_default();
    let typ = match typ.get(..12) {
        Some(prefix) if prefix.eq_ignore_ascii_case("application/") => &typ[12..],
        _ => typ,
    };
    typ.eq_ignore_ascii_case(expected)
}
