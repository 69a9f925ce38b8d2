//! Plays a sequence on the apps, and asks the reference what should come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::store::Family;
use jwt_auth::{AuthError, InvalidGrant, Session, TokenPair};
use jwt_auth_tests::{User, payload, refresh, user};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use uuid::Uuid;

use super::World;
use super::op::{Edge, Op, Pick};
use super::reference::{ACCESS_TTL, GRACE, LEEWAY, Outcome, Reference, Token};

/// What passes before each step. The clock of one app shows even milliseconds and that of the other odd
/// ones, so no two steps are at the same time: which of two sessions had to make room would be chance.
const STEP: Duration = Duration::from_millis(2);

/// A case on its way.
struct Case<'a> {
    world: &'a World,
    /// They are told apart from those of other cases.
    users: [String; 2],
    reference: Reference,
    tokens: Vec<Token>,
    /// For each app, the sessions that it knows to have ended, and since when.
    refused: [BTreeMap<Uuid, Timestamp>; 2],
    /// For each app, the access tokens that it ended.
    refused_tokens: [BTreeSet<Uuid>; 2],
}

pub(super) async fn play(world: &World, ops: &[Op]) -> Result<(), TestCaseError> {
    let run = Uuid::new_v4();
    let mut case = Case {
        world,
        users: [format!("alice {run}"), format!("bob {run}")],
        reference: Reference::default(),
        tokens: Vec::new(),
        refused: Default::default(),
        refused_tokens: Default::default(),
    };
    for op in ops {
        case.advance(STEP);
        case.step(op).await?;
        case.compare_stores().await?;
    }
    case.check_access_tokens()
}

impl Case<'_> {
    async fn step(&mut self, op: &Op) -> Result<(), TestCaseError> {
        match *op {
            Op::Login { user, app, lost } => self.login(user, app, lost).await,
            Op::Refresh { token, app, lost } => match self.pick(token) {
                Some(token) => self.refresh(&token, app, lost).await,
                None => Ok(()),
            },
            Op::Check { token, app } => match self.pick(token) {
                Some(token) => self.check(&token, app).await,
                None => Ok(()),
            },
            Op::Logout { token, app, lost } => match self.pick(token) {
                Some(token) => self.logout(&token, app, lost).await,
                None => Ok(()),
            },
            Op::EndSession { user, token, app } => match self.pick(token) {
                Some(token) => self.end_session(user, &token, app).await,
                None => Ok(()),
            },
            Op::EndAccessToken { token, app, lost } => match self.pick(token) {
                Some(token) => self.end_access_token(&token, app, lost).await,
                None => Ok(()),
            },
            Op::LogoutEverywhere { user, app } => self.logout_everywhere(user, app).await,
            Op::List { user, app } => self.list(user, app).await,
            Op::Advance { seconds } => {
                self.advance(Duration::from_secs(seconds));
                Ok(())
            }
            Op::Reach { edge, token, app } => {
                self.reach(edge, token, app);
                Ok(())
            }
            Op::Forget { user, last } => self.forget(user, last).await,
        }
    }

    async fn login(&mut self, by: usize, at: usize, lost: bool) -> Result<(), TestCaseError> {
        let (app, now) = (&self.world.apps[at], self.now(at));
        app.line.lose(usize::from(lost));
        let answer = app.auth.generate_tokens(&user(&self.users[by])).await;
        if lost {
            prop_assert!(is_unavailable(&answer), "{answer:?}");
            let new = self.in_store(by).await;
            let new = new.into_iter().find(|family| family.created_at == now);
            let Some(Family { sid, current, .. }) = new else { return fail("nothing was stored") };
            self.reference.insert(by, Reference::begin(sid, current, now));
            return Ok(());
        }
        let token = self.token(by, at, answer.map_err(unexpected)?);
        let dropped = self.reference.insert(by, Reference::begin(token.sid, token.jti, now));
        self.refused[at].extend(dropped.into_iter().map(|sid| (sid, now)));
        self.hand_out(token)
    }

    async fn refresh(&mut self, presented: &Token, at: usize, lost: bool) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        let expected = self.reference.refresh(presented, self.now(at));
        let asks = !matches!(expected, Outcome::Refused(InvalidGrant::Token(_)));
        app.line.lose(usize::from(lost && asks));
        let answer = refresh(&app.auth, &presented.refresh).await;
        if lost && asks {
            prop_assert!(is_unavailable(&answer), "{answer:?}");
            if self.was_ended_again(presented).await {
                self.reference.remove(presented.user, presented.sid);
            } else if let Outcome::Rotated(mut family) = expected {
                let there = self.in_store(presented.user).await;
                let there = there.iter().find(|there| there.sid == family.sid);
                match there.filter(|there| there.generation == family.generation) {
                    Some(there) => {
                        family.current = there.current;
                        self.reference.replace(presented.user, family);
                    }
                    // The app remembered an end that the store had forgotten, and had only looked.
                    None => prop_assert!(self.reference.ended.contains(&family.sid)),
                }
            }
            return Ok(());
        }
        if is_unknown(&answer) && self.was_ended_again(presented).await {
            self.reference.remove(presented.user, presented.sid);
            self.refused[at].insert(presented.sid, self.now(at));
            return Ok(());
        }
        prop_assert!(answer.is_err() || !self.knows_the_end(presented, at), "{answer:?}");
        match (expected, answer) {
            (Outcome::Rotated(mut family), Ok(pair)) => {
                let token = self.token(presented.user, at, pair);
                prop_assert!(self.tokens.iter().all(|other| other.jti != token.jti), "it is a new one");
                family.current = token.jti;
                self.reference.replace(presented.user, family);
                self.hand_out(token)
            }
            (Outcome::Retried(_), Ok(pair)) => {
                let token = self.token(presented.user, at, pair);
                self.hand_out(token)
            }
            (Outcome::Refused(expected), Err(AuthError::InvalidGrant(reason))) => {
                prop_assert_eq!(&reason, &expected);
                if reason == InvalidGrant::Reused {
                    self.reference.remove(presented.user, presented.sid);
                    self.refused[at].insert(presented.sid, self.now(at));
                }
                Ok(())
            }
            (expected, answer) => fail(&format!("{answer:?}, where this was expected: {expected:?}")),
        }
    }

    async fn check(&mut self, presented: &Token, at: usize) -> Result<(), TestCaseError> {
        let answer = self.world.apps[at].auth.check_refresh_token(&presented.refresh).await;
        if is_unknown(&answer) && self.reference.ended.contains(&presented.sid) {
            return Ok(());
        }
        prop_assert!(answer.is_err() || !self.knows_the_end(presented, at), "{answer:?}");
        match (self.reference.refresh(presented, self.now(at)), answer) {
            (Outcome::Rotated(_) | Outcome::Retried(_), Ok(session)) => {
                let family = self.reference.find(presented).expect("it is to be swapped");
                prop_assert_eq!(summary(&session), expected_summary(family));
            }
            (Outcome::Refused(expected), Err(AuthError::InvalidGrant(reason))) => {
                prop_assert_eq!(reason, expected);
            }
            (expected, answer) => return fail(&format!("{answer:?}, where this was expected: {expected:?}")),
        }
        Ok(())
    }

    async fn logout(&mut self, presented: &Token, at: usize, lost: bool) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        app.line.lose(usize::from(lost));
        let answer = app.auth.invalidate_refresh_token(&presented.refresh).await;
        let was_there = self.reference.remove(presented.user, presented.sid);
        if lost {
            prop_assert!(is_unavailable(&answer), "{answer:?}");
            return Ok(());
        }
        prop_assert_eq!(answer.map_err(unexpected)?, was_there);
        self.refused[at].insert(presented.sid, self.now(at));
        Ok(())
    }

    async fn end_session(&mut self, by: usize, of: &Token, at: usize) -> Result<(), TestCaseError> {
        let answer = self.world.apps[at].auth.revoke_session(&self.users[by], of.sid).await;
        let was_there = self.reference.remove(by, of.sid);
        prop_assert_eq!(answer.map_err(unexpected)?, was_there);
        if was_there {
            self.refused[at].insert(of.sid, self.now(at));
        }
        Ok(())
    }

    async fn end_access_token(&mut self, of: &Token, at: usize, lost: bool) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        app.line.lose(usize::from(lost));
        let answer = app.auth.revoke_access_token(of.access_jti).await;
        self.reference.ended_tokens.insert(of.access_jti);
        if lost {
            prop_assert!(is_unavailable(&answer), "{answer:?}");
            return Ok(());
        }
        answer.map_err(unexpected)?;
        self.refused_tokens[at].insert(of.access_jti);
        Ok(())
    }

    async fn logout_everywhere(&mut self, by: usize, at: usize) -> Result<(), TestCaseError> {
        let answer = self.world.apps[at].auth.revoke_subject(&self.users[by]).await;
        let all = self.reference.remove_all(by);
        prop_assert_eq!(answer.map_err(unexpected)?, all.len());
        let now = self.now(at);
        self.refused[at].extend(all.into_iter().map(|sid| (sid, now)));
        Ok(())
    }

    async fn list(&mut self, by: usize, at: usize) -> Result<(), TestCaseError> {
        let now = self.now(at);
        let sessions = self.world.apps[at].auth.sessions(&self.users[by]).await.map_err(unexpected)?;
        let mut live: Vec<&Family> =
            self.reference.families[by].iter().filter(|family| family.is_live(now)).collect();
        live.sort_by_key(|family| std::cmp::Reverse(family.created_at));
        let expected: Vec<_> = live.into_iter().map(expected_summary).collect();
        prop_assert_eq!(sessions.iter().map(summary).collect::<Vec<_>>(), expected);
        Ok(())
    }

    /// The store has again what it had: it is put there by a way that tells nobody.
    async fn forget(&mut self, by: usize, last: usize) -> Result<(), TestCaseError> {
        let families = self.reference.forget(by, last);
        let (store, subject, long_ago) = (&self.world.store, &self.users[by], Timestamp::from_secs(0));
        store.remove_all(subject, long_ago).await.map_err(unexpected)?;
        for family in families {
            store.insert(subject, &family, long_ago, usize::MAX).await.map_err(unexpected)?;
        }
        Ok(())
    }

    /// Whether the store has what the reference has. What has ended by one of the clocks may be gone:
    /// then the reference forgets it too.
    async fn compare_stores(&mut self) -> Result<(), TestCaseError> {
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

    /// An access token is refused by an app that knows it, or its session, to have ended. It is accepted, while it
    /// lasts, when neither was ever ended.
    fn check_access_tokens(&self) -> Result<(), TestCaseError> {
        for (at, app) in self.world.apps.iter().enumerate() {
            for token in &self.tokens {
                let verified = app.auth.verify::<User>(&token.access);
                if self.refused[at].contains_key(&token.sid) {
                    prop_assert!(verified.is_err(), "an access token outlived its session: {token:?}");
                } else if self.refused_tokens[at].contains(&token.access_jti) {
                    prop_assert!(verified.is_err(), "an access token outlived its end: {token:?}");
                } else if !self.reference.ended.contains(&token.sid)
                    && !self.reference.ended_tokens.contains(&token.access_jti)
                    && self.now(at) < (token.issued_at + ACCESS_TTL).min(token.expires_at)
                {
                    prop_assert!(verified.is_ok(), "{verified:?}, and its session lives: {token:?}");
                }
            }
        }
        Ok(())
    }

    /// Takes in a token that was handed out, if it says what the reference says.
    fn hand_out(&mut self, token: Token) -> Result<(), TestCaseError> {
        let Some(family) = self.reference.find(&token) else { return fail("a token of no session") };
        prop_assert_eq!(token.jti, family.current);
        prop_assert_eq!(token.generation, family.generation);
        prop_assert_eq!(token.expires_at.as_secs(), family.absolute_end.as_secs());
        self.tokens.push(token);
        Ok(())
    }

    fn token(&self, user: usize, at: usize, pair: TokenPair) -> Token {
        let (claims, access) = (payload(&pair.refresh_token), payload(&pair.access_token));
        let id = |claim: &Value| claim.as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        Token {
            user,
            sid: id(&claims["sid"]),
            jti: id(&claims["jti"]),
            access_jti: id(&access["jti"]),
            generation: claims["gen"].as_u64().and_then(|it| it.try_into().ok()).unwrap_or(u32::MAX),
            issued_at: Timestamp::from_secs(self.now(at).as_secs()),
            expires_at: Timestamp::from_secs(claims["exp"].as_u64().unwrap_or_default()),
            refresh: pair.refresh_token,
            access: pair.access_token,
        }
    }

    /// Whether a session is gone that the store had forgotten to have ended. The app that it was presented to
    /// knew better.
    async fn was_ended_again(&self, presented: &Token) -> bool {
        let forgotten =
            self.reference.ended.contains(&presented.sid) && self.reference.find(presented).is_some();
        forgotten && self.in_store(presented.user).await.iter().all(|family| family.sid != presented.sid)
    }

    /// Whether an app surely remembers that a session was ended, whatever the store forgot.
    fn knows_the_end(&self, presented: &Token, at: usize) -> bool {
        let since = self.refused[at].get(&presented.sid);
        since.is_some_and(|since| self.now(at).since(*since) < ACCESS_TTL + LEEWAY)
    }

    fn pick(&self, pick: Pick) -> Option<Token> {
        self.tokens.iter().rev().cycle().nth(pick).cloned()
    }

    fn reach(&self, edge: Edge, token: Pick, at: usize) {
        let Some(family) = self.pick(token).and_then(|token| self.reference.find(&token).cloned()) else {
            return;
        };
        let edge = match edge {
            Edge::Grace => family.last_used_at() + GRACE,
            Edge::Idle => family.idle_end,
            Edge::Absolute => family.absolute_end,
        };
        let left = edge.since(self.now(at)).saturating_sub(STEP).as_millis() as u64;
        self.advance(Duration::from_millis(left.next_multiple_of(2)));
    }

    fn now(&self, at: usize) -> Timestamp {
        self.world.apps[at].clock.now()
    }

    fn advance(&self, by: Duration) {
        for app in &self.world.apps {
            app.clock.advance(by);
        }
    }

    async fn in_store(&self, by: usize) -> Vec<Family> {
        self.world.store.list(&self.users[by]).await.expect("the store works")
    }
}

fn summary(session: &Session) -> (Uuid, Timestamp, Timestamp, Timestamp) {
    (session.id, session.created_at, session.last_used_at, session.expires_at)
}

fn expected_summary(family: &Family) -> (Uuid, Timestamp, Timestamp, Timestamp) {
    (family.sid, family.created_at, family.last_used_at(), family.idle_end)
}

fn is_unavailable<T>(answer: &Result<T, AuthError>) -> bool {
    matches!(answer, Err(AuthError::TemporarilyUnavailable(_)))
}

fn is_unknown<T>(answer: &Result<T, AuthError>) -> bool {
    matches!(answer, Err(AuthError::InvalidGrant(InvalidGrant::Unknown)))
}

fn unexpected(error: impl std::fmt::Debug) -> TestCaseError {
    TestCaseError::fail(format!("unexpected: {error:?}"))
}

fn fail<T>(why: &str) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(why.to_owned()))
}
