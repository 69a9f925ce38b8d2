//! The session that an access token names, whether the token has expired or not.

use uuid::Uuid;

use super::Verifier;
use crate::claims::{Audience, claim};
use crate::json::Text;
use crate::jws::{Compact, TokenType};

/// A session, by the claims of a token.
pub(crate) struct NamedSession {
    pub(crate) subject: String,
    pub(crate) kind: Option<String>,
    pub(crate) sid: Uuid,
}

impl Verifier {
    /// Returns the session that an access token of this app names, or `None` if it is not one, or belongs to no session.
    /// It says nothing about whether the session is live.
    pub(crate) fn named_session(&self, access_token: &str) -> Option<NamedSession> {
        let json = self.own_signature(access_token, TokenType::Access).ok()?;
        let Text(subject) = claim::<Text<'_>>(&json, "sub").ok()??;
        let issuer = claim::<Text<'_>>(&json, "iss").ok()?;
        if !self.may_be_own(issuer.as_ref().map(|Text(issuer)| &**issuer)) {
            return None;
        }
        let own = &self.settings.audience;
        let audience = claim::<Audience<'_>>(&json, "aud").ok()?;
        let kind = match audience.as_ref().filter(|audience| !own.iter().any(|own| audience.names(own))) {
            Some(audience) => Some(audience.only()?.to_owned()),
            None => None,
        };
        let sid = claim(&json, "sid").ok()??;
        Some(NamedSession { subject: subject.into_owned(), kind, sid })
    }

    /// Returns the claims of a token that take the most space, for an operator who has to make it shorter.
    pub(crate) fn largest_claims(&self, access_token: &str) -> String {
        let payload = Compact::parse(access_token).and_then(|token| token.payload()).unwrap_or_default();
        let claims: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&payload).unwrap_or_default();
        let mut sizes: Vec<(usize, &str)> =
            claims.iter().map(|(name, value)| (value.to_string().len(), name.as_str())).collect();
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        let largest: Vec<String> =
            sizes.iter().take(3).map(|(size, name)| format!("`{name}` ({size} bytes)")).collect();
        largest.join(", ")
    }
}
