//! The three parts of a token, and whether a key signed them.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{Engine, decoded_len_estimate};
use memchr::memchr_iter;
use smallvec::SmallVec;

use super::MAX_LENGTH;
use super::header::Header;
use crate::error::InvalidToken;
use crate::keyring::{IssuerKeys, VerifyingKey};

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
        let mut dots = memchr_iter(b'.', token.as_bytes());
        match (dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None) => Ok(Self {
                message: &token[..second],
                header: &token[..first],
                payload: &token[first + 1..second],
                signature: &token[second + 1..],
            }),
            _ => Err(InvalidToken::Malformed),
        }
    }

    /// Sees that one of these keys signed it.
    pub(super) fn signed_by<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifyingKey>,
    ) -> Result<(), InvalidToken> {
        // Room for all but those of RSA.
        let mut buffer = SmallVec::<[u8; 96]>::from_elem(0, decoded_len_estimate(self.signature.len()));
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
    // Not `vec![0; …]`: glibc gives zeroed memory from a slower place.
    let mut decoded = Vec::with_capacity(decoded_len_estimate(part.len()));
    URL_SAFE_NO_PAD.decode_vec(part, &mut decoded).map_err(|_| InvalidToken::Malformed)?;
    Ok(decoded)
}

/// JSON in base64url. All of it must be UTF-8 (RFC 7519, section 7.2), also what nobody reads.
pub(super) fn decode_text(part: &str) -> Result<String, InvalidToken> {
    String::from_utf8(decode(part)?).map_err(|_| InvalidToken::Malformed)
}
