//! What an access token is worth now: its signature, which is verified once, its dates and its revocation.

use std::sync::Arc;

use crate::auth::Auth;
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::compat::fastapi_framework;
use crate::config::Revocation;
use crate::error::{AuthError, InvalidToken};
use crate::jwt_auth::JwtAuth;
use crate::keyring::TokenKind;
use crate::verifier::{Candidate, Checked, Signatures, Signed, Verified};

impl JwtAuth {
    /// The payload of an access token whose signature is good: of ours, or of fastapi_framework, while
    /// those count.
    pub(crate) fn signed(&self, token: &str) -> Result<Signed, InvalidToken> {
        match self.verifier().signature(token, TokenKind::Access) {
            Err(InvalidToken::WrongType) if self.compat().is_some() => {
                self.verifier().signature(token, TokenKind::FastapiFramework)
            }
            signed => signed,
        }
    }

    /// What is known of the signature of a token, or will be.
    pub(crate) fn signatures(&self, token: &str) -> Arc<Signatures> {
        let remembered = self.remembered().get(token, self.keyring());
        remembered.unwrap_or_else(|| Signatures::new(self.keyring()).into())
    }

    /// The claims of an access token. What becomes of its signature is kept, and so are the claims where they are of
    /// use to the next request.
    pub(crate) fn authenticate<C: Claims>(
        &self,
        token: &str,
        signatures: &Arc<Signatures>,
    ) -> Result<Auth<C>, AuthError> {
        if let Some(auth) = signatures.auth::<C>() {
            let now = self.now();
            auth.checked().good.check(now)?;
            self.check_revocation(auth.checked(), || auth.subject(), now)?;
            return Ok(auth.clone());
        }
        let auth = Auth::of(self.authenticate_anew(token, signatures)?);
        self.remembered().insert(token, signatures, &auth, self.keyring());
        Ok(auth)
    }

    /// Likewise, claims that nobody else has.
    pub(crate) fn authenticate_anew<C: Claims>(
        &self,
        token: &str,
        signatures: &Signatures,
    ) -> Result<Verified<C>, AuthError> {
        C::verify(&Candidate::new(self, token, signatures))
    }

    /// The claims of an access token of ours whose signature is good, unless it was revoked.
    pub(crate) fn own_claims<C: Claims>(&self, signed: &Signed) -> Result<(C, Checked), AuthError> {
        let now = self.now();
        let (claims, checked) = match signed.kind {
            // They name no audience by which they could be told from others.
            TokenKind::FastapiFramework if C::AUDIENCE.is_some() => {
                return Err(InvalidToken::WrongAudience.into());
            }
            TokenKind::FastapiFramework => fastapi_framework::claims::<C>(signed, self.settings(), now)?,
            _ => self.verifier().claims::<C>(signed, now)?,
        };
        // Whoever signed it: beyond this, nobody remembers that it was revoked.
        let remembered = checked.issued_at + self.settings().access_ttl + self.settings().leeway;
        let checked = Checked { good: checked.good.up_to(remembered), ..checked };
        checked.good.check(now)?;
        self.check_revocation(&checked, || claims.subject(), now)?;
        if signed.kind == TokenKind::FastapiFramework {
            for subject in fastapi_framework::subjects::<C>(signed) {
                self.check_revocation(&checked, || subject, now)?;
            }
        }
        Ok((claims, checked))
    }

    /// Sees that a token was not revoked. Those of other issuers cannot be: their subjects are other people.
    fn check_revocation(
        &self,
        checked: &Checked,
        subject: impl FnOnce() -> String,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        match checked.is_ours && self.settings().revocation != Revocation::Off {
            true => self.revocations().check(checked, subject, now),
            false => Ok(()),
        }
    }
}
