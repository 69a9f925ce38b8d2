//! A token on its way to claims of some type: one struct, or whichever variant of an enum it is of.

use super::{Checked, Fit, Parts, Signatures, decode_text};
use crate::claims::{Claims, Kind};
use crate::error::{AuthError, InvalidToken};
use crate::jwt_auth::JwtAuth;

/// An access token of which nothing is known.
pub struct Candidate<'a> {
    auth: &'a JwtAuth,
    token: &'a str,
    /// What is known of its signature meanwhile.
    signatures: &'a Signatures,
}

/// Claims of a token that is good.
pub struct Verified<C> {
    pub(crate) claims: C,
    pub(crate) checked: Checked,
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(auth: &'a JwtAuth, token: &'a str, signatures: &'a Signatures) -> Self {
        Self { auth, token, signatures }
    }

    /// The claims as a struct.
    pub fn verify<C: Claims>(&self) -> Result<Verified<C>, AuthError> {
        let verifier = self.auth.verifier();
        let (claims, checked) = match C::ISSUER {
            None => {
                let signed = self.signatures.own(|| self.auth.signed(self.token))?;
                self.auth.own_claims(signed)?
            }
            Some(name) => {
                let (number, issuer) = verifier.keyring.other(name).ok_or_else(|| unknown::<C>(name))?;
                let payload = self.signatures.other(number, || verifier.signature_of(issuer, self.token))?;
                verifier.claims_of(issuer, payload, self.auth.now())?
            }
        };
        Ok(Verified { claims, checked })
    }

    /// The number of the one of these kinds that it says it is of. Nothing of that is verified; whoever asks
    /// goes on to verify the token as one of that kind.
    pub fn kind(&self, kinds: &[Kind]) -> Result<usize, AuthError> {
        let payload = decode_text(Parts::of(self.token)?.payload)?;
        let (mut found, mut closest) = (None, Fit::OtherIssuer);
        let verifier = self.auth.verifier();
        // Those of fastapi_framework name nobody.
        let is_nameless = self.auth.compat().is_some() && verifier.is_nameless(&payload)?;
        for (number, kind) in kinds.iter().enumerate() {
            match verifier.fits(*kind, &payload)? {
                _ if is_nameless && kind.issuer.is_none() && kind.audience.is_none() => return Ok(number),
                // Nobody could say what it is.
                Fit::Fits if found.is_some() => return Err(InvalidToken::WrongAudience.into()),
                Fit::Fits => found = Some(number),
                Fit::OtherAudience => closest = Fit::OtherAudience,
                Fit::OtherIssuer => {}
            }
        }
        found.ok_or_else(|| match closest {
            Fit::OtherIssuer => InvalidToken::WrongIssuer.into(),
            _ => InvalidToken::WrongAudience.into(),
        })
    }
}

impl<C> Verified<C> {
    /// The same, of a type that holds the claims.
    pub fn map<D>(self, into: impl FnOnce(C) -> D) -> Verified<D> {
        Verified { claims: into(self.claims), checked: self.checked }
    }
}

fn unknown<C>(issuer: &str) -> AuthError {
    AuthError::internal(format!(
        "`{}` are claims of {issuer}, which is not among the `issuers` of [default.jwt_auth]",
        std::any::type_name::<C>()
    ))
}
