//! The checks after each step and after the last one.

use jwt_auth::clock::Timestamp;
use jwt_auth::store::Family;
use jwt_auth::{AuthError, InvalidGrant, Session, TokenPair};
use jwt_auth_tests::{User, payload};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use uuid::Uuid;

use super::{Case, fail};
use crate::random::reference::{ACCESS_TTL, LEEWAY, Token};

impl Case<'_> {
    /// Checks that the store and the reference contain the same sessions. A session that has expired by one of the clocks
    /// may be missing from the store. Then the reference drops it, too.
    pub(super) async fn compare_stores(&mut self) -> Result<(), TestCaseError> {
        let latest = self.now(1);
        for by in 0..self.users.len() {
            let mut there = self.in_store(by).await;
            there.sort_by_key(|family| family.sid);
            let expected = &mut self.reference.families[by];
            expected.sort_by_key(|family| family.sid);
            expected.retain(|family| family.is_live(latest) || there.contains(family));
            prop_assert_eq!(&there, &*expected);
            self.reference.remember(by);
        }
        Ok(())
    }

    /// Checks that each app rejects an access token if it knows that the token was revoked or its session ended, and
    /// accepts an unexpired token if neither ever happened.
    pub(super) fn check_access_tokens(&self) -> Result<(), TestCaseError> {
        for (at, app) in self.world.apps.iter().enumerate() {
            for token in &self.tokens {
                let verified = app.auth.verify::<User>(&token.access);
                if self.refused[at].contains_key(&token.sid) {
                    prop_assert!(verified.is_err(), "an access token outlived its session: {token:?}");
                } else if self.refused_tokens[at].contains(&token.access_jti) {
                    prop_assert!(verified.is_err(), "an access token outlived its revocation: {token:?}");
                } else if !self.reference.ended.contains(&token.sid)
                    && !self.reference.ended_tokens.contains(&token.access_jti)
                    && !self.may_be_outdated(token)
                    && self.now(at)
                        < (token.issued_at + ACCESS_TTL)
                            .min(Timestamp::from_secs(token.session_end.as_secs()))
                {
                    prop_assert!(verified.is_ok(), "{verified:?}, although the session is alive: {token:?}");
                }
            }
        }
        Ok(())
    }

    /// Compares an issued token with the reference and records it.
    pub(super) fn record(&mut self, token: Token) -> Result<(), TestCaseError> {
        let Some(family) = self.reference.find(&token) else { return fail("a token without a session") };
        prop_assert_eq!(token.jti, family.current);
        prop_assert_eq!(token.generation, family.generation);
        prop_assert_eq!(token.expires_at.as_secs(), family.absolute_end.as_secs());
        let session_end = family.idle_end.min(family.absolute_end);
        self.tokens.push(Token { session_end, ..token });
        Ok(())
    }

    pub(super) fn token(&self, user: usize, at: usize, pair: TokenPair) -> Token {
        let (claims, access) = (payload(&pair.refresh_token), payload(&pair.access_token));
        let id = |claim: &Value| claim.as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        Token {
            user,
            sid: id(&claims["sid"]),
            jti: id(&claims["jti"]),
            access_jti: id(&access["jti"]),
            generation: claims["gen"].as_u64().and_then(|it| it.try_into().ok()).unwrap_or(u32::MAX),
            revision: access["rev"].as_u64().unwrap_or(u64::MAX),
            issued_at: Timestamp::from_secs(self.now(at).as_secs()),
            expires_at: Timestamp::from_secs(claims["exp"].as_u64().unwrap_or_default()),
            session_end: Timestamp::from_secs(0),
            refresh: pair.refresh_token,
            access: pair.access_token,
        }
    }

    /// Whether the app has ended a session again whose logout the store had lost.
    pub(super) async fn was_ended_again(&self, presented: &Token) -> bool {
        let was_lost =
            self.reference.ended.contains(&presented.sid) && self.reference.find(presented).is_some();
        was_lost && self.in_store(presented.user).await.iter().all(|family| family.sid != presented.sid)
    }

    /// Whether an app is certain to remember the end of a session, even if the store has lost it.
    pub(super) fn knows_the_end(&self, presented: &Token, at: usize) -> bool {
        let since = self.refused[at].get(&presented.sid);
        since.is_some_and(|since| self.now(at).since(*since) < ACCESS_TTL + LEEWAY)
    }

    /// Whether an app knows about a logout everywhere that the store has lost, and the other app has since issued the token
    /// under an earlier revision. Such a token is rejected as if it had been issued before the logout.
    pub(super) fn is_outdated(&self, token: &Token, at: usize) -> bool {
        token.revision < self.revised[at][token.user]
    }

    /// Whether this holds for one of the apps. The other one may have received the logout from the feed.
    pub(super) fn may_be_outdated(&self, token: &Token) -> bool {
        (0..self.revised.len()).any(|at| self.is_outdated(token, at))
    }

    pub(super) async fn in_store(&self, by: usize) -> Vec<Family> {
        self.world.store.list(&self.owner(by)).await.expect("the store works")
    }
}

pub(super) fn summary(session: &Session) -> (Uuid, Timestamp, Timestamp, Timestamp) {
    (session.id, session.created_at, session.last_used_at, session.expires_at)
}

pub(super) fn expected_summary(family: &Family) -> (Uuid, Timestamp, Timestamp, Timestamp) {
    (family.sid, family.created_at, family.last_used_at(), family.idle_end)
}

pub(super) fn is_unavailable<T>(result: &Result<T, AuthError>) -> bool {
    matches!(result, Err(AuthError::TemporarilyUnavailable(_)))
}

pub(super) fn is_unknown<T>(result: &Result<T, AuthError>) -> bool {
    matches!(result, Err(AuthError::InvalidGrant(InvalidGrant::Unknown)))
}
