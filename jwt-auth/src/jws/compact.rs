//! The three parts of a token.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{Engine, decoded_len_estimate};
use memchr::memchr_iter;
use smallvec::SmallVec;

use crate::error::InvalidToken;

/// The maximum length of a token of this app. Servers accept headers of about this size.
pub(crate) const MAX_LENGTH: usize = 8 * 1024;

/// A token, split into its parts (RFC 7515, section 7.1).
pub(crate) struct Compact<'t> {
    message: &'t str,
    pub(crate) header: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// A decoded signature. Only RSA signatures need an allocation.
pub(crate) type Signature = SmallVec<[u8; 96]>;

impl<'t> Compact<'t> {
    /// Splits a token of this app.
    pub(crate) fn parse(token: &'t str) -> Result<Self, InvalidToken> {
        Self::parse_within(token, MAX_LENGTH)
    }

    /// Splits a token that may have this length.
    pub(crate) fn parse_within(token: &'t str, max_length: usize) -> Result<Self, InvalidToken> {
        if token.len() > max_length {
            return Err(InvalidToken::TooLong { length: token.len(), max: max_length });
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

    /// Returns the signed message: the encoded header and payload.
    pub(crate) fn message(&self) -> &[u8] {
        self.message.as_bytes()
    }

    /// Decodes the signature.
    pub(crate) fn signature(&self) -> Result<Signature, InvalidToken> {
        let mut buffer = Signature::from_elem(0, decoded_len_estimate(self.signature.len()));
        let length =
            URL_SAFE_NO_PAD.decode_slice(self.signature, &mut buffer).map_err(|_| InvalidToken::Malformed)?;
        buffer.truncate(length);
        Ok(buffer)
    }

    /// Decodes the payload.
    pub(crate) fn payload(&self) -> Result<String, InvalidToken> {
        decode_text(self.payload)
    }
}

/// Decodes JSON in base64url without padding and with canonical trailing bits (RFC 7515, section 2). All of it must be
/// UTF-8 (RFC 7519, section 7.2), even the parts that are never read.
pub(crate) fn decode_text(part: &str) -> Result<String, InvalidToken> {
    // Not `vec![0; …]`: glibc allocates zeroed memory more slowly.
    let mut decoded = Vec::with_capacity(decoded_len_estimate(part.len()));
    URL_SAFE_NO_PAD.decode_vec(part, &mut decoded).map_err(|_| InvalidToken::Malformed)?;
    String::from_utf8(decoded).map_err(|_| InvalidToken::Malformed)
}
