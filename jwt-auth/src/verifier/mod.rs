//! From the text of a token to checked claims: the whole of RFC 8725 that a verifier can do.
//!
//! `jsonwebtoken::decode` is not used, since it leaves open what is closed here: `crit`, `typ` and
//! `iat` are not looked at, and registered claims of a wrong type count as absent.

mod header;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::claims::{Claims, NumericDate, Registered, SignIn, read};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::error::InvalidToken;
use crate::keyring::{Keyring, TokenKind, VerifyingKey};
use header::Header;

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

/// The registered claims that outlive the check of a token.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) sign_in: SignIn,
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

    /// Checks the form, the header and the signature.
    pub(crate) fn signature(&self, token: &str, kind: TokenKind) -> Result<Signed, InvalidToken> {
        if token.len() > MAX_LENGTH {
            return Err(InvalidToken::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(InvalidToken::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(InvalidToken::Malformed)?;
        if payload.contains('.') {
            return Err(InvalidToken::Malformed);
        }

        let keys = self.keyring.load();
        let signed_by = |key: &VerifyingKey| -> Result<bool, InvalidToken> {
            Ok(key.verifies(message.as_bytes(), &decode(signature)?))
        };
        // Our own headers are recognised as they are.
        let is_good = match keys.recognise(header, kind, self.keyring.clock())? {
            Some(key) => signed_by(key)?,
            None => {
                let json = decode_text(header)?;
                let header = read_header(&json)?;
                let now = self.keyring.clock().now();
                let keys = keys.find(header.kid.as_deref(), header.alg.as_deref(), now)?;
                is_kind(&header, kind)?;
                keys.into_iter().map(signed_by).find(|is_good| *is_good != Ok(false)).unwrap_or(Ok(false))?
            }
        };
        match is_good {
            true => Ok(Signed { payload: decode_text(payload)?, kind }),
            false => Err(InvalidToken::BadSignature),
        }
    }

    /// Reads the claims and checks the registered ones.
    pub(crate) fn claims<C: Claims>(
        &self,
        signed: &Signed,
        now: Timestamp,
    ) -> Result<(C, Checked), InvalidToken> {
        let (claims, registered) = read::<C>(&signed.payload).map_err(unread)?;
        let dates = Dates::of(&registered)?;
        self.check_dates(&registered, &dates, now)?;
        let checked = self.check_names(&registered, dates)?;
        if C::SUBJECT_FIELD.is_none() && registered.sub.as_deref() != Some(claims.subject().as_str()) {
            return Err(bad("`sub` is not the subject of the data"));
        }
        Ok((claims, checked))
    }

    /// Reads the claims, whether or not they are good at this time.
    pub(crate) fn undated_claims<C: Claims>(&self, signed: &Signed) -> Result<(C, Checked), InvalidToken> {
        let (claims, registered) = read::<C>(&signed.payload).map_err(unread)?;
        let dates = Dates::of(&registered)?;
        Ok((claims, self.check_names(&registered, dates)?))
    }

    fn check_dates(
        &self,
        registered: &Registered<'_>,
        dates: &Dates,
        now: Timestamp,
    ) -> Result<(), InvalidToken> {
        if now >= dates.expires_at + self.leeway {
            return Err(InvalidToken::Expired);
        }
        let not_before = registered.nbf.map_or(dates.issued_at, |nbf| Timestamp::from_secs(nbf.0));
        if now + self.leeway < dates.issued_at.max(not_before) {
            return Err(InvalidToken::NotYetValid);
        }
        Ok(())
    }

    fn check_names(&self, registered: &Registered<'_>, dates: Dates) -> Result<Checked, InvalidToken> {
        if self.issuer.is_some() && registered.iss.as_deref() != self.issuer.as_deref() {
            return Err(InvalidToken::WrongIssuer);
        }
        if !self.audience.is_empty()
            && !registered.aud.as_ref().is_some_and(|aud| aud.names_one_of(&self.audience))
        {
            return Err(InvalidToken::WrongAudience);
        }
        if registered.sub.as_deref().is_none_or(str::is_empty) {
            return Err(missing("sub"));
        }
        let token_id = registered.jti.ok_or_else(|| missing("jti"))?;
        Ok(Checked {
            issued_at: dates.issued_at,
            expires_at: dates.expires_at,
            token_id,
            session_id: registered.sid,
            sign_in: SignIn::of(registered),
        })
    }
}

struct Dates {
    expires_at: Timestamp,
    issued_at: Timestamp,
}

impl Dates {
    fn of(registered: &Registered<'_>) -> Result<Self, InvalidToken> {
        let date = |name, seconds: Option<NumericDate>| match seconds {
            Some(NumericDate(seconds)) => Ok(Timestamp::from_secs(seconds)),
            None => Err(missing(name)),
        };
        Ok(Self { expires_at: date("exp", registered.exp)?, issued_at: date("iat", registered.iat)? })
    }
}

fn unread(error: serde_json::Error) -> InvalidToken {
    InvalidToken::BadClaims(error.to_string())
}

fn missing(name: &str) -> InvalidToken {
    bad(&format!("`{name}` is missing"))
}

fn bad(what: &str) -> InvalidToken {
    InvalidToken::BadClaims(what.to_owned())
}

/// Base64url without padding and with canonical trailing bits (RFC 7515, section 2).
fn decode(part: &str) -> Result<Vec<u8>, InvalidToken> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| InvalidToken::Malformed)
}

/// JSON in base64url. All of it must be UTF-8 (RFC 7519, section 7.2), also what nobody reads.
fn decode_text(part: &str) -> Result<String, InvalidToken> {
    String::from_utf8(decode(part)?).map_err(|_| InvalidToken::Malformed)
}

fn read_header(json: &str) -> Result<Header<'_>, InvalidToken> {
    let header: Header<'_> = serde_json::from_str(json).map_err(|_| InvalidToken::Malformed)?;
    match header.crit {
        true => Err(InvalidToken::Critical),
        false => Ok(header),
    }
}

/// Media types compare without regard to case, and may leave out `application/` (RFC 7515, section
/// 4.1.9; RFC 9068, section 4).
fn is_kind(header: &Header<'_>, kind: TokenKind) -> Result<(), InvalidToken> {
    let typ = header.typ.as_deref().unwrap_or_default();
    let typ = match typ.get(..12) {
        Some(prefix) if prefix.eq_ignore_ascii_case("application/") => &typ[12..],
        _ => typ,
    };
    match typ.eq_ignore_ascii_case(kind.typ()) {
        true => Ok(()),
        false => Err(InvalidToken::WrongType),
    }
}
