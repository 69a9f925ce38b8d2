//! Plays a sequence on the apps and compares each result with the reference.

mod checks;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::store::Owner;
use proptest::test_runner::TestCaseError;
use uuid::Uuid;

use super::World;
use super::op::{Edge, Op, Pick};
use super::reference::{GRACE, Reference, Token};

/// The time that passes before each step. One app's clock shows even milliseconds and the other's odd ones, so no two
/// steps happen at the same time. Otherwise, the session that the limit drops would be random.
const STEP: Duration = Duration::from_millis(2);

/// The state of a sequence that is being played.
struct Case<'a> {
    world: &'a World,
    /// Unique to this sequence.
    users: [String; 2],
    reference: Reference,
    tokens: Vec<Token>,
    /// For each app, the sessions that it knows to have ended, and since when.
    refused: [BTreeMap<Uuid, Timestamp>; 2],
    /// For each app, the revision of each user since its last logout everywhere.
    revised: [[u64; 2]; 2],
    /// For each app, the access tokens that it revoked.
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
        revised: Default::default(),
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
            Op::Confirm { token, app } => match self.pick(token) {
                Some(token) => self.confirm(&token, app).await,
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
            Op::RevokeAccessToken { token, app, lost } => match self.pick(token) {
                Some(token) => self.revoke_access_token(&token, app, lost).await,
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
            Op::Lose { user, last } => self.lose(user, last).await,
        }
    }

    /// Returns the owner of a user's sessions.
    fn owner(&self, user: usize) -> Owner {
        Owner::new(None, None, &self.users[user])
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
}

fn unexpected(error: impl std::fmt::Debug) -> TestCaseError {
    TestCaseError::fail(format!("unexpected: {error:?}"))
}

fn fail<T>(why: &str) -> Result<T, TestCaseError> {
    Err(TestCaseError::fail(why.to_owned()))
}
