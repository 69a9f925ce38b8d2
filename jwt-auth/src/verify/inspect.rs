//! Verifies access tokens for an operator, who has no claims types.

use super::Verifier;
use super::audience::ExpectedAudience;
use crate::auth::TokenInfo;
use crate::claims::{Claims, SubjectClaims, claim};
use crate::config::LONGEST_TOKEN;
use crate::error::{AuthError, InvalidToken};
use crate::json::Text;
use crate::jws::{Compact, TokenType};
use crate::keyring::TrustedIssuer;

impl Verifier {
    /// Returns the `iss` that an unverified token names.
    pub(crate) fn named_issuer(&self, token: &str) -> Option<String> {
        let json = Compact::parse_within(token, LONGEST_TOKEN).ok()?.payload().ok()?;
        let Text(issuer) = claim(&json, "iss").ok()??;
        Some(issuer.into_owned())
    }

    /// Returns the trusted issuer that an unverified token names.
    pub(crate) fn named_trusted_issuer(&self, token: &str) -> Option<&TrustedIssuer> {
        let issuer = self.named_issuer(token)?;
        self.keyring.trusted.iter().find(|trusted| trusted.issuer == issuer)
    }

    /// Returns whether an unverified token could be one of this app's tokens, by its `iss`.
    pub(crate) fn names_own_issuer(&self, token: &str) -> bool {
        self.may_be_own(self.named_issuer(token).as_deref()) || self.accepts_legacy
    }

    /// Verifies an access token of this app in the same way as a route whose claims type has the audience `kind`. Returns its
    /// subject and its registered claims.
    pub(crate) fn inspect_own(
        &self,
        token: &str,
        kind: Option<&str>,
    ) -> Result<(String, TokenInfo), AuthError> {
        let payload = self.access_signature(token)?;
        if payload.is_legacy {
            if kind.is_some() {
                return Err(InvalidToken::wrong_audience().into());
            }
            let (claims, info) = self.own_claims::<SubjectClaims>(&payload, 0)?;
            return Ok((claims.subject(), info));
        }
        let audience = ExpectedAudience::own(&self.settings.audience, kind);
        let (claims, info) =
            self.check_own_for::<SubjectClaims>(&payload.json, 0, TokenType::Access, Some(&audience))?;
        let info = self.capped(info);
        self.check_in_force(&info, self.clock.now(), &|| self.owner(kind, &claims.subject()))?;
        Ok((claims.subject(), info))
    }

    /// Verifies the signature of an access token of this app, and returns its registered claims. Checks neither its
    /// dates nor its audience, nor whether it was revoked.
    pub(crate) fn identify_own(&self, token: &str) -> Result<TokenInfo, InvalidToken> {
        let payload = self.access_signature(token)?;
        let (_, info) = match payload.is_legacy {
            true => self.check_legacy::<SubjectClaims>(&payload.json, 0, self.clock.now())?,
            false => self.check_own_for::<SubjectClaims>(&payload.json, 0, TokenType::Access, None)?,
        };
        Ok(self.capped(info))
    }

    /// Verifies a token of a trusted issuer in the same way as a route whose claims type has this audience. Returns
    /// whether its audience was checked: if neither the settings nor the caller name one, only claims types do.
    pub(crate) fn inspect_trusted(
        &self,
        issuer: &TrustedIssuer,
        token: &str,
        audience: Option<&str>,
    ) -> Result<bool, InvalidToken> {
        let json = self.trusted_signature(issuer, token)?;
        let audience = Some(ExpectedAudience::trusted(issuer, audience)).filter(|names| !names.is_empty());
        let now = self.clock.now();
        let (claims, _) =
            self.check_trusted_for::<SubjectClaims>(issuer, &json, 0, now, audience.as_ref())?;
        match claims.subject().is_empty() {
            true => Err(InvalidToken::missing_claim("sub")),
            false => Ok(audience.is_some()),
        }
    }
}
