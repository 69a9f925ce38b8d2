//! Profiles, which determine the tokens that a claims type is read from, and whether the settings allow them.

use serde::de::IgnoredAny;

use super::Verifier;
use super::audience::ExpectedAudience;
use super::claims_type::ClaimsType;
use crate::claims::{Profile, claim};
use crate::config::{LONGEST_TOKEN, is_reserved};
use crate::error::{AuthError, InvalidToken};
use crate::json::Text;
use crate::jws::Compact;
use crate::keyring::TrustedIssuer;

/// How well a token and a profile match.
enum Match {
    Full,
    OtherIssuer,
    OtherAudience(InvalidToken),
}

impl Verifier {
    /// Returns the number of the profile that an unverified token claims to match. The token must then be verified
    /// against that profile.
    pub(super) fn select_profile(&self, profiles: &[Profile], token: &str) -> Result<usize, AuthError> {
        let json = Compact::parse_within(token, LONGEST_TOKEN)?.payload()?;
        let (mut found, mut closest) = (None, InvalidToken::WrongIssuer);
        // Tokens of fastapi_framework name neither an issuer nor an audience.
        let is_anonymous = self.accepts_legacy && is_anonymous(&json)?;
        for (number, profile) in profiles.iter().enumerate() {
            match self.match_profile(*profile, &json)? {
                _ if is_anonymous && profile.issuer.is_none() && profile.audience.is_none() => {
                    return Ok(number);
                }
                // The token is ambiguous.
                Match::Full if found.is_some() => return Err(ambiguous().into()),
                Match::Full => found = Some(number),
                Match::OtherAudience(reason) => closest = reason,
                Match::OtherIssuer => {}
            }
        }
        found.ok_or_else(|| closest.into())
    }

    fn match_profile(&self, profile: Profile, json: &str) -> Result<Match, AuthError> {
        let issuer = claim::<Text<'_>>(json, "iss").map_err(|error| InvalidToken::unreadable(&error))?;
        let issuer = issuer.as_ref().map(|Text(issuer)| &**issuer);
        let is_issuer = match profile.issuer {
            None => self.may_be_own(issuer),
            Some(name) => issuer == Some(&self.trusted_issuer(profile, name)?.1.issuer),
        };
        match self.expected_audience(profile).check(json) {
            Err(reason @ InvalidToken::WrongAudience { .. }) if is_issuer => Ok(Match::OtherAudience(reason)),
            Ok(()) if is_issuer => Ok(Match::Full),
            Ok(()) | Err(InvalidToken::WrongAudience { .. }) => Ok(Match::OtherIssuer),
            Err(reason) => Err(reason.into()),
        }
    }

    /// Returns the trusted issuer of a profile, and its number.
    pub(super) fn trusted_issuer(
        &self,
        profile: Profile,
        issuer: &str,
    ) -> Result<(usize, &TrustedIssuer), AuthError> {
        let unknown = || AuthError::internal(self.unknown_issuer(profile.name(), issuer));
        self.keyring.trusted(issuer).ok_or_else(unknown)
    }

    /// Checks at launch that tokens of a claims type can be verified, and that its variants can be distinguished.
    ///
    /// # Errors
    ///
    /// Returns a message that says what is wrong and how to fix it.
    pub(crate) fn check_profiles(&self, ClaimsType { profiles, .. }: &ClaimsType) -> Result<(), String> {
        for (number, profile) in profiles.iter().enumerate() {
            self.check_profile(*profile)?;
            for other in &profiles[..number] {
                if other.issuer == profile.issuer
                    && self.expected_audience(*profile).overlaps(&self.expected_audience(*other))
                {
                    return Err(format!(
                        "a token could be valid both as `{}` and as `{}`, because they accept the same audience: write \
                         `#[claims(audience = \"…\")]` on each, or set different audiences",
                        other.name(),
                        profile.name()
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_profile(&self, profile: Profile) -> Result<(), String> {
        let name = profile.name();
        match (profile.issuer, profile.audience) {
            (None, Some(audience)) if self.settings.audience.iter().any(|own| own == audience) => {
                Err(format!(
                    "`{name}` requires the audience {audience:?}, which the setting `audience` contains for all tokens of this \
                     app: remove it from one of the two"
                ))
            }
            (None, Some(audience)) if is_reserved(audience) => Err(format!(
                "`{name}` requires the audience {audience:?}, but names that begin with `refresh` are reserved for refresh \
                 tokens: choose another name in `#[claims(audience = \"…\")]`"
            )),
            (Some(issuer), _) if self.settings.issuer.as_deref() == Some(issuer) => Err(format!(
                "`{name}` requires the issuer {issuer}, which is this app itself according to the setting `issuer`: remove \
                 `issuer = …` from `#[claims(…)]`"
            )),
            (Some(issuer), _) if self.keyring.trusted(issuer).is_none() => {
                Err(self.unknown_issuer(name, issuer))
            }
            (Some(issuer), None)
                if self.keyring.trusted(issuer).is_some_and(|(_, trusted)| trusted.audience.is_empty()) =>
            {
                Err(format!(
                    "`{name}` requires the issuer {issuer} but no audience, so tokens that it issues to other apps would be \
                     accepted: set `audience` in its table of `issuers`, or write `#[claims(audience = \"…\")]`"
                ))
            }
            _ => Ok(()),
        }
    }

    /// Describes why no trusted issuer has the name that a claims type uses, and how to fix it.
    fn unknown_issuer(&self, claims: &str, name: &str) -> String {
        let trusted = &self.keyring.trusted;
        let problem = format!("`{claims}` requires the issuer {name:?}");
        if let Some(found) = trusted.iter().find(|trusted| trusted.issuer == name) {
            return format!(
                "{problem}, whose table in `issuers` has a name: write `#[claims(issuer = {:?})]`",
                found.name
            );
        }
        let is_name = !name.contains(':');
        let table = match is_name {
            true => format!("name = {name:?}, issuer = \"https://idp.example\""),
            false => format!("issuer = {name:?}"),
        };
        let add =
            format!("add the table {{ {table}, audience = \"api\" }} to `issuers` in [default.jwt_auth]");
        let names: Vec<String> = trusted.iter().map(|trusted| format!("{:?}", trusted.name)).collect();
        match (names.join(", "), is_name) {
            (names, _) if names.is_empty() => format!("{problem}, but there are no trusted issuers: {add}"),
            (names, true) => format!(
                "{problem}, but the trusted issuers are {names}: write `name = {name:?}` in the table of the one that is \
                 meant, or {add}"
            ),
            (names, false) => format!("{problem}, but the trusted issuers are {names}: {add}"),
        }
    }

    fn expected_audience(&self, profile: Profile) -> ExpectedAudience<'_> {
        match profile.issuer.and_then(|issuer| self.keyring.trusted(issuer)) {
            Some((_, issuer)) => ExpectedAudience::trusted(issuer, profile.audience),
            None => ExpectedAudience::own(&self.settings.audience, profile.audience),
        }
    }
}

fn ambiguous() -> InvalidToken {
    InvalidToken::BadClaims("the token names the audiences of several variants of the claims type".to_owned())
}

/// Returns whether a payload names neither an issuer nor an audience.
fn is_anonymous(json: &str) -> Result<bool, InvalidToken> {
    let is_there = |name| -> Result<bool, InvalidToken> {
        let found = claim::<IgnoredAny>(json, name).map_err(|error| InvalidToken::unreadable(&error))?;
        Ok(found.is_some())
    };
    Ok(!is_there("iss")? && !is_there("aud")?)
}
