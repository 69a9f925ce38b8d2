//! The three parts of a token, and whether a key signed them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::MAX_LENGTH;
use super::header::Header;
use crate::error::InvalidToken;
use crate::keyring::{IssuerKeys, VerifyingKey};

/// Room for that of an RSA key of 8192 bits, the largest that is loaded, in whole groups of base64.
const LONGEST: usize = 1_056;

/// A token, taken apart (RFC 7515, section 7.1).
pub(super) struct Parts<'t> {
    message: &'t str,
    pub(super) header: &'t str,
    pub(super) payload: &'t str,
    signature: &'t str,
}

impl<'t> Parts<'t> {
    pub(super) fn of(token: &'t str) -> Result<Self, InvalidToken> {
        if token.len() > MAX_LENGTH {
            return Err(InvalidToken::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(InvalidToken::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(InvalidToken::Malformed)?;
        match payload.contains('.') {
            true => Err(InvalidToken::Malformed),
            false => Ok(Self { message, header, payload, signature }),
        }
    }

    /// Sees that one of these keys signed it.
    pub(super) fn signed_by<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifyingKey>,
    ) -> Result<(), InvalidToken> {
        let mut buffer = [0; LONGEST];
        let length =
            URL_SAFE_NO_PAD.decode_slice(self.signature, &mut buffer).map_err(|_| InvalidToken::Malformed)?;
        let signature = &buffer[..length];
        match keys.into_iter().any(|key| key.verifies(self.message.as_bytes(), signature)) {
            true => Ok(()),
            false => Err(InvalidToken::BadSignature),
        }
    }

    /// Sees that the key which its header names, or may mean, signed it, and that it is of a type that may be.
    pub(super) fn signed_by_any(
        &self,
        keys: &IssuerKeys,
        is_type: impl FnOnce(&Header<'_>) -> bool,
    ) -> Result<(), InvalidToken> {
        let json = decode_text(self.header)?;
        let header: Header<'_> = serde_json::from_str(&json).map_err(|_| InvalidToken::Malformed)?;
        if header.crit {
            return Err(InvalidToken::Critical);
        }
        let (set, now) = (keys.load(), keys.clock().now());
        let keys = set.find(header.kid.as_deref(), header.alg.as_deref(), now)?;
        if !is_type(&header) {
            return Err(InvalidToken::WrongType);
        }
        self.signed_by(keys)
    }
}

/// Base64url without padding and with canonical trailing bits (RFC 7515, section 2).
fn decode(part: &str) -> Result<Vec<u8>, InvalidToken> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| InvalidToken::Malformed)
}

/// JSON in base64url. All of it must be UTF-8 (RFC 7519, section 7.2), also what nobody reads.
pub(super) fn decode_text(part: &str) -> Result<String, InvalidToken> {
    String::from_utf8(decode(part)?).map_err(|_| InvalidToken::Malformed)
}
