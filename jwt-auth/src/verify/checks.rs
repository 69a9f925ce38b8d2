//! Checks of the registered claims.

use super::Verifier;
use super::audience::ExpectedAudience;
use super::id_token::reject_id_token;
use crate::auth::{TokenInfo, Validity};
use crate::claims::{Claims, Decoded, Dialect, Payload, Profile, Registered, SignInClaims};
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::jws::{TokenType, digest_id};
use crate::keyring::TrustedIssuer;
use crate::owner::Revision;

impl Verifier {
    /// Verifies a refresh token of this app, but does not look up its session. With `at`, the token must be valid at
    /// that time. Without it, its dates are not checked.
    pub(crate) fn refresh_token<C: Claims>(
        &self,
        token: &str,
        at: Option<Timestamp>,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        let json = self.own_signature(token, TokenType::Refresh)?;
        let (claims, info) = self.check_own(&json, 0, TokenType::Refresh)?;
        at.map_or(Ok(()), |now| info.validity.check(now))?;
        Ok((claims, info))
    }

    /// Reads the claims of a token of this app, and checks everything except its dates.
    pub(super) fn check_own<C: Claims>(
        &self,
        json: &str,
        number: usize,
        token_type: TokenType,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        let audience = match token_type {
            TokenType::Refresh => ExpectedAudience::own(&self.refresh_audience, None),
            _ => ExpectedAudience::own(&self.settings.audience, C::CODEC.profile(number).audience),
        };
        self.check_own_for(json, number, token_type, Some(&audience))
    }

    /// Same as [`check_own`](Self::check_own), with the audience that the token must name. Without one, its audience is
    /// not checked.
    pub(super) fn check_own_for<C: Claims>(
        &self,
        json: &str,
        number: usize,
        token_type: TokenType,
        audience: Option<&ExpectedAudience<'_>>,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        let profile = C::CODEC.profile(number);
        let Decoded { claims, registered } = read::<C>(json, Dialect::Own, number)?;
        let info = self.check_registered(&registered, profile, token_type, audience)?;
        if profile.subject_field.is_none() && registered.sub.as_deref() != Some(claims.subject().as_str()) {
            return Err(InvalidToken::BadClaims("`sub` is not the subject of the claims".to_owned()));
        }
        Ok((claims, info))
    }

    /// Checks the registered claims of a token of this app, except its dates.
    fn check_registered(
        &self,
        registered: &Registered<'_>,
        profile: Profile,
        token_type: TokenType,
        audience: Option<&ExpectedAudience<'_>>,
    ) -> Result<TokenInfo, InvalidToken> {
        if registered.is_sender_constrained {
            return Err(InvalidToken::SenderConstrained);
        }
        let expires_at =
            registered.exp.map(Timestamp::from).ok_or_else(|| InvalidToken::missing_claim("exp"))?;
        let issued_at =
            registered.iat.map(Timestamp::from).ok_or_else(|| InvalidToken::missing_claim("iat"))?;
        let not_before = registered.nbf.map(Timestamp::from);
        let not_before = match token_type {
            // The clock of the instance that issued the token may be slightly ahead. The store decides whether the
            // session is live.
            TokenType::Refresh => not_before,
            _ => not_before.max(Some(issued_at)),
        };
        let validity = Validity::new(not_before, expires_at, self.settings.leeway);
        if !self.may_be_own(registered.iss.as_deref()) {
            return Err(InvalidToken::WrongIssuer);
        }
        if audience.is_some_and(|audience| !audience.matches(registered.aud.as_ref())) {
            return Err(InvalidToken::wrong_audience());
        }
        if registered.sub.as_deref().is_none_or(str::is_empty) {
            return Err(InvalidToken::missing_claim("sub"));
        }
        let token_id = registered.jti.ok_or_else(|| InvalidToken::missing_claim("jti"))?;
        Ok(TokenInfo {
            issued_at,
            expires_at,
            validity,
            token_id,
            session_id: registered.sid,
            generation: registered.generation,
            revision: Some(Revision::from_u64(registered.revision.unwrap_or_default())),
            kind: profile.audience,
            sign_in: SignInClaims::of(registered),
            is_own: true,
        })
    }

    /// Reads and checks the claims of a token of a trusted issuer.
    pub(super) fn check_trusted<C: Claims>(
        &self,
        issuer: &TrustedIssuer,
        json: &str,
        number: usize,
        now: Timestamp,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        let expected = ExpectedAudience::trusted(issuer, C::CODEC.profile(number).audience);
        if expected.is_empty() {
            return Err(InvalidToken::WrongAudience { claim: issuer.audience_claim.clone() });
        }
        let (claims, info) = self.check_trusted_for::<C>(issuer, json, number, now, Some(&expected))?;
        match claims.subject().is_empty() {
            true => Err(InvalidToken::missing_claim("sub")),
            false => Ok((claims, info)),
        }
    }

    /// Reads the claims of a token of a trusted issuer, and checks everything except its subject. Without an audience
    /// that the token must name, its audience is not checked either.
    pub(super) fn check_trusted_for<C: Claims>(
        &self,
        issuer: &TrustedIssuer,
        json: &str,
        number: usize,
        now: Timestamp,
        audience: Option<&ExpectedAudience<'_>>,
    ) -> Result<(C, TokenInfo), InvalidToken> {
        let Decoded { claims, registered } = read::<C>(json, Dialect::TrustedIssuer, number)?;
        let info = self.check_registered_of_trusted(&registered, issuer, json, now, audience)?;
        Ok((claims, info))
    }

    /// Checks the registered claims of a token of a trusted issuer, except its subject.
    fn check_registered_of_trusted(
        &self,
        registered: &Registered<'_>,
        issuer: &TrustedIssuer,
        json: &str,
        now: Timestamp,
        audience: Option<&ExpectedAudience<'_>>,
    ) -> Result<TokenInfo, InvalidToken> {
        let expires_at =
            registered.exp.map(Timestamp::from).ok_or_else(|| InvalidToken::missing_claim("exp"))?;
        let not_before = registered.nbf.map(Timestamp::from);
        let validity = Validity::new(not_before, expires_at, self.settings.leeway);
        validity.check(now)?;
        if registered.iss.as_deref() != Some(&issuer.issuer) {
            return Err(InvalidToken::WrongIssuer);
        }
        if registered.is_sender_constrained {
            return Err(InvalidToken::SenderConstrained);
        }
        if !issuer.accepts_id_tokens {
            reject_id_token(json)?;
        }
        if let Some(audience) = audience {
            audience.check(json)?;
        }
        Ok(TokenInfo {
            issued_at: registered.iat.map(Timestamp::from).or(not_before).unwrap_or(now),
            expires_at,
            validity,
            token_id: registered.jti.unwrap_or_else(|| digest_id(json)),
            session_id: None,
            generation: None,
            revision: None,
            kind: None,
            sign_in: SignInClaims::of(registered),
            is_own: false,
        })
    }

    /// Returns whether a token with this `iss` may be one of this app's tokens.
    pub(super) fn may_be_own(&self, issuer: Option<&str>) -> bool {
        match &self.settings.issuer {
            Some(own) => issuer == Some(own),
            None => issuer.is_none_or(|issuer| !self.keyring.is_trusted(issuer)),
        }
    }
}

pub(super) fn read<C: Claims>(
    json: &str,
    dialect: Dialect,
    number: usize,
) -> Result<Decoded<'_, C>, InvalidToken> {
    C::CODEC.read(&Payload::new(json, dialect), number).map_err(|error| InvalidToken::unreadable(&error))
}
