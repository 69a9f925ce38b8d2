//! The steps. Each is taken by an app and by the reference.

use jwt_auth::store::Family;
use jwt_auth::{AuthError, InvalidGrant};
use jwt_auth_tests::{User, refresh, user};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::checks::{expected_summary, is_unavailable, is_unknown, summary};
use super::{Case, fail, unexpected};
use crate::lossy_store::NOTHING_HEARD;
use crate::random::reference::{Outcome, Reference, Token};

impl Case<'_> {
    pub(super) async fn login(&mut self, by: usize, at: usize, lost: bool) -> Result<(), TestCaseError> {
        let (app, now) = (&self.world.apps[at], self.now(at));
        app.line.lose(usize::from(lost));
        let result = app.auth.generate_tokens(&user(&self.users[by])).await;
        if lost {
            prop_assert!(is_unavailable(&result), "{result:?}");
            let new = self.in_store(by).await;
            let new = new.into_iter().find(|family| family.created_at == now);
            let Some(Family { sid, current, .. }) = new else { return fail("nothing was stored") };
            self.reference.insert(by, Reference::begin(sid, current, now));
            return Ok(());
        }
        let token = self.token(by, at, result.map_err(unexpected)?);
        let dropped = self.reference.insert(by, Reference::begin(token.sid, token.jti, now));
        self.refused[at].extend(dropped.into_iter().map(|sid| (sid, now)));
        self.record(token)
    }

    pub(super) async fn refresh(
        &mut self,
        presented: &Token,
        at: usize,
        lost: bool,
    ) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        let expected = self.reference.refresh(presented, self.now(at));
        let reaches_store = !matches!(expected, Outcome::Refused(InvalidGrant::Token(_)));
        app.line.lose(usize::from(lost && reaches_store));
        let result = refresh(&app.auth, &presented.refresh).await;
        if lost && reaches_store {
            prop_assert!(is_unavailable(&result), "{result:?}");
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
                    // The app only read: it remembered a logout that the store had lost.
                    None => prop_assert!(
                        self.reference.ended.contains(&family.sid) || self.may_be_outdated(presented)
                    ),
                }
            }
            return Ok(());
        }
        prop_assert!(is_unknown(&result) || !reaches_store || !self.is_outdated(presented, at), "{result:?}");
        if self.may_be_outdated(presented) && is_unknown(&result) {
            if self.reference.remove(presented.user, presented.sid) {
                self.refused[at].insert(presented.sid, self.now(at));
            }
            return Ok(());
        }
        if is_unknown(&result) && self.was_ended_again(presented).await {
            self.reference.remove(presented.user, presented.sid);
            self.refused[at].insert(presented.sid, self.now(at));
            return Ok(());
        }
        prop_assert!(result.is_err() || !self.knows_the_end(presented, at), "{result:?}");
        match (expected, result) {
            (Outcome::Rotated(mut family), Ok(pair)) => {
                let token = self.token(presented.user, at, pair);
                prop_assert!(self.tokens.iter().all(|other| other.jti != token.jti), "the token is not new");
                family.current = token.jti;
                self.reference.replace(presented.user, family);
                self.record(token)
            }
            (Outcome::Retried(_), Ok(pair)) => {
                let token = self.token(presented.user, at, pair);
                self.record(token)
            }
            (Outcome::Refused(expected), Err(AuthError::InvalidGrant(reason))) => {
                prop_assert_eq!(&reason, &expected);
                if reason == InvalidGrant::Reused {
                    self.reference.remove(presented.user, presented.sid);
                    self.refused[at].insert(presented.sid, self.now(at));
                }
                Ok(())
            }
            (expected, result) => fail(&format!("{result:?}, but expected {expected:?}")),
        }
    }

    pub(super) async fn check(&mut self, presented: &Token, at: usize) -> Result<(), TestCaseError> {
        let result = self.world.apps[at].auth.check_refresh_token(&presented.refresh).await;
        if is_unknown(&result)
            && (self.reference.ended.contains(&presented.sid) || self.may_be_outdated(presented))
        {
            return Ok(());
        }
        prop_assert!(result.is_err() || !self.knows_the_end(presented, at), "{result:?}");
        match (self.reference.refresh(presented, self.now(at)), result) {
            (Outcome::Rotated(_) | Outcome::Retried(_), Ok(session)) => {
                let family =
                    self.reference.find(presented).expect("only a token of a live family is swapped");
                prop_assert_eq!(summary(&session), expected_summary(family));
            }
            (Outcome::Refused(expected), Err(AuthError::InvalidGrant(reason))) => {
                prop_assert_eq!(&reason, &expected);
                if reason == InvalidGrant::Reused {
                    self.reference.remove(presented.user, presented.sid);
                    self.refused[at].insert(presented.sid, self.now(at));
                }
            }
            (expected, result) => return fail(&format!("{result:?}, but expected {expected:?}")),
        }
        Ok(())
    }

    pub(super) async fn confirm(&mut self, of: &Token, at: usize) -> Result<(), TestCaseError> {
        let (owner, now) = (self.owner(of.user), self.now(at));
        self.world.store.confirm(&owner, of.sid, of.generation, now).await.map_err(unexpected)?;
        self.reference.confirm(of, now);
        Ok(())
    }

    pub(super) async fn logout(
        &mut self,
        presented: &Token,
        at: usize,
        lost: bool,
    ) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        app.line.lose(usize::from(lost));
        let result = app.auth.invalidate_refresh_token(&presented.refresh).await;
        let was_there = self.reference.remove(presented.user, presented.sid);
        if lost {
            prop_assert!(is_unavailable(&result), "{result:?}");
            return Ok(());
        }
        prop_assert_eq!(result.map_err(unexpected)?, was_there);
        // The app also remembers the end of a session that the store no longer has.
        self.reference.ended.insert(presented.sid);
        self.refused[at].insert(presented.sid, self.now(at));
        Ok(())
    }

    pub(super) async fn end_session(
        &mut self,
        by: usize,
        of: &Token,
        at: usize,
    ) -> Result<(), TestCaseError> {
        let result = self.world.apps[at].auth.revoke_session::<User>(&self.users[by], of.sid).await;
        let was_there = self.reference.remove(by, of.sid);
        prop_assert_eq!(result.map_err(unexpected)?, was_there);
        // This includes a session that the store no longer has, but not one of another user.
        if of.user == by {
            self.reference.ended.insert(of.sid);
            self.refused[at].insert(of.sid, self.now(at));
        }
        Ok(())
    }

    pub(super) async fn revoke_access_token(
        &mut self,
        of: &Token,
        at: usize,
        lost: bool,
    ) -> Result<(), TestCaseError> {
        let app = &self.world.apps[at];
        app.line.lose(usize::from(lost));
        let result = app.auth.revoke_access_token(of.access_jti).await;
        self.reference.ended_tokens.insert(of.access_jti);
        if lost {
            prop_assert!(is_unavailable(&result), "{result:?}");
            return Ok(());
        }
        result.map_err(unexpected)?;
        self.refused_tokens[at].insert(of.access_jti);
        Ok(())
    }

    pub(super) async fn logout_everywhere(&mut self, by: usize, at: usize) -> Result<(), TestCaseError> {
        let result = self.world.apps[at].auth.revoke_subject::<User>(&self.users[by]).await;
        let all = self.reference.remove_all(by);
        prop_assert_eq!(result.map_err(unexpected)?, all.len());
        let now = self.now(at);
        self.refused[at].extend(all.into_iter().map(|sid| (sid, now)));
        let revision = self.world.store.revision(&self.owner(by), &NOTHING_HEARD).await;
        self.revised[at][by] = revision.map_err(unexpected)?.as_u64();
        Ok(())
    }

    pub(super) async fn list(&mut self, by: usize, at: usize) -> Result<(), TestCaseError> {
        let now = self.now(at);
        let sessions =
            self.world.apps[at].auth.sessions::<User>(&self.users[by]).await.map_err(unexpected)?;
        let mut live: Vec<&Family> =
            self.reference.families[by].iter().filter(|family| family.is_live(now)).collect();
        live.sort_by_key(|family| std::cmp::Reverse(family.created_at));
        let expected: Vec<_> = live.into_iter().map(expected_summary).collect();
        prop_assert_eq!(sessions.iter().map(summary).collect::<Vec<_>>(), expected);
        Ok(())
    }

    /// Restores an earlier state of the store directly. Only sessions that started later are removed.
    pub(super) async fn lose(&mut self, by: usize, last: usize) -> Result<(), TestCaseError> {
        let families = self.reference.undo(by, last);
        let (store, owner) = (&self.world.store, self.owner(by));
        for later in self.in_store(by).await {
            if families.iter().all(|family| family.sid != later.sid) {
                store.remove(&owner, later.sid, &NOTHING_HEARD).await.map_err(unexpected)?;
                // The feed reports this to both apps.
                self.reference.ended.insert(later.sid);
            }
        }
        for family in families {
            store.insert(&owner, &family, usize::MAX, &NOTHING_HEARD).await.map_err(unexpected)?;
        }
        for app in &self.world.apps {
            app.line.lose_revision(&owner).await.map_err(unexpected)?;
        }
        Ok(())
    }
}
