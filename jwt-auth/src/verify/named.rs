//! The session that an access token names, whether the token has expired or not.

use uuid::Uuid;

use super::{CacheEntry, Verifier};
use crate::claims::{Audience, claim};
use crate::json::Text;
use crate::jws::{Compact, TokenType, id_of_only_token};

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
        self.session_in(&self.own_signature(access_token, TokenType::Access).ok()?)
    }

    /// Returns the session of a [long-lived](crate::auth::TokenInfo::is_long_lived) access token of this app, or `None` for
    /// any other. The entry spares another check of the signature.
    pub(crate) fn session_of_long_lived(
        &self,
        access_token: &str,
        entry: &CacheEntry,
    ) -> Option<NamedSession> {
        let payload = entry.own(|| self.access_signature(access_token)).ok()?;
        if payload.is_legacy {
            return None;
        }
        let id: Uuid = claim(&payload.json, "jti").ok()??;
        self.session_in(&payload.json).filter(|named| id == id_of_only_token(named.sid))
    }

    /// Returns the session in the claims of an access token.
    fn session_in(&self, json: &str) -> Option<NamedSession> {
        let Text(subject) = claim::<Text<'_>>(json, "sub").ok()??;
        let issuer = claim::<Text<'_>>(json, "iss").ok()?;
        if !self.may_be_own(issuer.as_ref().map(|Text(issuer)| &**issuer)) {
            return None;
        }
        let own = &self.settings.audience;
        let audience = claim::<Audience<'_>>(json, "aud").ok()?;
        let kind = match audience.as_ref().filter(|audience| !own.iter().any(|own| audience.names(own))) {
            Some(audience) => Some(audience.only()?.to_owned()),
            None => None,
        };
        let sid = claim(json, "sid").ok()??;
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
