//! The audience that a token must name.

use std::slice;

use crate::claims::{Audience, claim};
use crate::error::InvalidToken;
use crate::keyring::TrustedIssuer;

/// The audiences that the app accepts, and the claim of a token that must name one of them.
pub(super) struct ExpectedAudience<'a> {
    names: Names<'a>,
    claim: &'a str,
}

/// The audience of a claims type, or those of the settings.
enum Names<'a> {
    Type(&'a str),
    Settings(&'a [String]),
}

impl<'a> ExpectedAudience<'a> {
    /// Returns the audiences that the app accepts for its own tokens.
    pub(super) fn own(settings: &'a [String], profile: Option<&'a str>) -> Self {
        Self { names: profile.map_or(Names::Settings(settings), Names::Type), claim: "aud" }
    }

    /// Returns the audiences that the app accepts for the tokens of a trusted issuer.
    pub(super) fn trusted(issuer: &'a TrustedIssuer, profile: Option<&'a str>) -> Self {
        Self { claim: &issuer.audience_claim, ..Self::own(&issuer.audience, profile) }
    }

    /// Returns whether the `aud` of a token names one of these audiences. If there are none, the token must not have
    /// `aud`: a recipient that does not identify with the audience must reject the token (RFC 7519, section 4.1.3).
    pub(super) fn matches(&self, aud: Option<&Audience<'_>>) -> bool {
        match (&self.names, aud) {
            (Names::Settings([]), aud) => aud.is_none(),
            (_, None) => false,
            (Names::Settings(names), Some(aud)) => names.iter().any(|name| aud.names(name)),
            (Names::Type(name), Some(aud)) => aud.names(name),
        }
    }

    /// Checks a payload as [`matches`](Self::matches) does. If another claim names the audience and the token also has
    /// `aud`, that must match as well.
    pub(super) fn check(&self, json: &str) -> Result<(), InvalidToken> {
        let read = |name| claim::<Audience<'_>>(json, name).map_err(|error| InvalidToken::unreadable(&error));
        if !self.matches(read(self.claim)?.as_ref()) {
            return Err(InvalidToken::WrongAudience { claim: self.claim.to_owned() });
        }
        let aud = match self.claim {
            "aud" => None,
            _ => read("aud")?,
        };
        match aud.is_none() || self.matches(aud.as_ref()) {
            true => Ok(()),
            false => Err(InvalidToken::wrong_audience()),
        }
    }

    /// Returns whether there are no audiences. For a trusted issuer, this would mean accepting tokens that it issues to
    /// any other app.
    pub(super) fn is_empty(&self) -> bool {
        self.list().is_empty()
    }

    /// Returns whether a token could match both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (one, other) = (self.list(), other.list());
        (one.is_empty() && other.is_empty()) || one.iter().any(|name| other.contains(name))
    }

    fn list(&self) -> Vec<&str> {
        match &self.names {
            Names::Type(name) => slice::from_ref(name).to_vec(),
            Names::Settings(names) => names.iter().map(String::as_str).collect(),
        }
    }
}
