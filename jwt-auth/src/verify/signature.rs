//! Checks that a token has a valid header and was signed with a key in force.

use super::Verifier;
use crate::error::InvalidToken;
use crate::jws::{Compact, Header, TokenType, with_header};
use crate::keyring::{IssuerKeys, TrustedIssuer, VerifyingKey};

/// The payload of a token whose header and signature are valid. Its claims have not been checked yet.
pub(crate) struct VerifiedPayload {
    pub(crate) json: String,
    /// Whether it is an access token of fastapi_framework.
    pub(crate) is_legacy: bool,
}

impl Verifier {
    /// Verifies the signature of an access token of this app or, while the app accepts them, of fastapi_framework.
    pub(super) fn access_signature(&self, token: &str) -> Result<VerifiedPayload, InvalidToken> {
        match self.own_signature(token, TokenType::Access) {
            Err(InvalidToken::WrongType) if self.accepts_legacy => {
                Ok(VerifiedPayload { json: self.legacy_signature(token)?, is_legacy: true })
            }
            json => Ok(VerifiedPayload { json: json?, is_legacy: false }),
        }
    }

    /// Verifies the signature of a token of this app, and returns its payload.
    pub(super) fn own_signature(&self, token: &str, token_type: TokenType) -> Result<String, InvalidToken> {
        let token = Compact::parse(token)?;
        let keys = self.keyring.own.load();
        // Headers of the app's own tokens are recognized without parsing.
        match keys.recognize(token.header, token_type, self.keyring.own.clock())? {
            Some(key) => check([key], &token)?,
            None => check_header(&self.keyring.own, &token, |header| header.is_typ(token_type.typ()))?,
        }
        token.payload()
    }

    /// Verifies the signature of a token of a trusted issuer, and returns its payload. Unless the settings require a `typ`, such
    /// a token may have none, but must not have that of a refresh token.
    pub(super) fn trusted_signature(
        &self,
        issuer: &TrustedIssuer,
        token: &str,
    ) -> Result<String, InvalidToken> {
        let token = Compact::parse_within(token, issuer.max_token_length)?;
        check_header(&issuer.keys, &token, |header| match &issuer.typ {
            Some(required) => header.is_typ(required),
            None => {
                header.typ.is_none()
                    || header.is_typ(TokenType::Access.typ())
                    || header.is_typ(TokenType::Jwt.typ())
            }
        })?;
        token.payload()
    }
}

/// Checks that the header is valid, and that the token was signed with a key that the header may refer to.
fn check_header(
    keys: &IssuerKeys,
    token: &Compact<'_>,
    is_type: impl FnOnce(&Header<'_>) -> bool,
) -> Result<(), InvalidToken> {
    let (set, now) = (keys.load(), keys.clock().now());
    let keys = with_header(token.header, |header| {
        if header.crit {
            return Err(InvalidToken::Critical);
        }
        let keys = set.find(header.kid.as_deref(), header.alg.as_deref(), now)?;
        match is_type(header) {
            true => Ok(keys),
            false => Err(InvalidToken::WrongType),
        }
    })?;
    check(keys, token)
}

/// Checks that the token was signed with one of these keys.
fn check<'k>(
    keys: impl IntoIterator<Item = &'k VerifyingKey>,
    token: &Compact<'_>,
) -> Result<(), InvalidToken> {
    let signature = token.signature()?;
    match keys.into_iter().any(|key| key.verifies(token.message(), &signature)) {
        true => Ok(()),
        false => Err(InvalidToken::BadSignature),
    }
}
