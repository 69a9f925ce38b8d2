//! Which audiences a token must name one of.

use std::slice;

use super::unread;
use crate::claims::{Audience, claim};
use crate::error::InvalidToken;
use crate::keyring::OtherIssuer;

/// The audiences, and the claim that names them.
pub(super) struct Expected<'a> {
    audience: One<'a>,
    claim: &'a str,
}

/// That of a claims type, or those of the settings.
enum One<'a> {
    Own(&'a str),
    Settings(&'a [String]),
}

impl<'a> Expected<'a> {
    /// Those of a token of this app.
    pub(super) fn ours(settings: &'a [String], own: Option<&'a str>) -> Self {
        Self { audience: own.map_or(One::Settings(settings), One::Own), claim: "aud" }
    }

    /// Those of a token of another issuer.
    pub(super) fn of(issuer: &'a OtherIssuer, own: Option<&'a str>) -> Self {
        Self { claim: &issuer.audience_claim, ..Self::ours(&issuer.audience, own) }
    }

    /// Whether this, which stands in a token, names one of them. With none, it must not be there: whoever does not
    /// identify with an audience that is named must refuse it (RFC 7519, section 4.1.3).
    pub(super) fn is_in(&self, named: Option<&Audience<'_>>) -> bool {
        match (&self.audience, named) {
            (One::Settings([]), named) => named.is_none(),
            (_, None) => false,
            (One::Settings(audience), Some(named)) => audience.iter().any(|one| named.names(one)),
            (One::Own(own), Some(named)) => named.names(own),
        }
    }

    /// As [`is_in`](Self::is_in), of a payload. Where another claim names the audience, an `aud` that is there must
    /// name one as well.
    pub(super) fn is_named(&self, payload: &str) -> Result<bool, InvalidToken> {
        let read = |name| claim::<Audience<'_>>(payload, name).map_err(unread);
        let aud = match self.claim {
            "aud" => None,
            _ => read("aud")?,
        };
        Ok(self.is_in(read(self.claim)?.as_ref()) && (aud.is_none() || self.is_in(aud.as_ref())))
    }

    /// Whether there is none: of another issuer, what it issues to anybody would count.
    pub(super) fn is_empty(&self) -> bool {
        self.names().is_empty()
    }

    /// Whether a token could name one of these and one of those.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.names(), other.names());
        (ours.is_empty() && theirs.is_empty()) || ours.iter().any(|one| theirs.contains(one))
    }

    fn names(&self) -> Vec<&str> {
        match &self.audience {
            One::Own(own) => slice::from_ref(own).to_vec(),
            One::Settings(audience) => audience.iter().map(String::as_str).collect(),
        }
    }
}
