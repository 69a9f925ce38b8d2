//! Attempts to sign in, in Redis. The attempts on an account are one hash, which is bounded and expires on its own, so each
//! operation takes one key and one round trip.
//!
//! | field | value |
//! |---|---|
//! | the 1, 4 or 8 bytes of a [`Network`] | when the budget of the account on this network is full again |
//! | a network and the 8 bytes of a [name](crate::throttle::Account::name) | until when the network is known to the name |
//! | `n` | when the budget of all new networks is full again |
//!
//! A time is six bytes, in milliseconds and big-endian.

use std::sync::Arc;
use std::time::Duration;

use rocket::async_trait;

use super::connection::Connection;
use super::keys::Keys;
use super::script::{Call, Step};
use super::steps::Steps;
use crate::clock::millis;
use crate::config::Budget;
use crate::error::StoreError;
use crate::store::AttemptStore;
use crate::throttle::{Attempt, AttemptLimits, Attempts, Network, Reservation, SKEW};

pub(super) struct RedisAttempts {
    connection: Arc<Connection>,
    keys: Keys,
    reserve: Step,
    give_back: Step,
}

impl RedisAttempts {
    pub(super) fn new(connection: Arc<Connection>, keys: Keys) -> Self {
        Self { connection, keys, reserve: Steps::reserve(), give_back: Steps::give_back() }
    }

    /// Returns a call of a step, with the arguments that both steps begin with.
    fn on<'a>(&self, step: &'a Step, attempt: &Attempt) -> Call<'a> {
        step.on([self.keys.attempts(attempt.account.digest())])
            .arg(attempt.network.as_bytes())
            .arg(attempt.account.name())
            .arg(attempt.now.as_millis())
            .arg(millis(attempt.limits.remember))
            .arg(Attempts::MAX_NETWORKS)
            .arg(Attempts::MAX_KNOWN)
            .arg(millis(SKEW))
            .arg(budgets(&attempt.limits))
    }
}

#[async_trait]
impl AttemptStore for RedisAttempts {
    async fn reserve(&self, attempt: &Attempt) -> Result<Reservation, StoreError> {
        let call = self.on(&self.reserve, attempt);
        let (is_permitted, known, account, new_networks): (bool, bool, u64, u64) =
            self.connection.run(&call.command()).await?;
        if is_permitted {
            return Ok(Reservation::reserved(known));
        }
        let [account, new_networks] = [account, new_networks].map(Duration::from_millis);
        Reservation::throttled(account, new_networks)
            .ok_or(StoreError::Corrupt("an attempt that is not permitted, without a time to wait"))
    }

    async fn give_back(&self, attempt: &Attempt, known: bool, signed_in: bool) -> Result<(), StoreError> {
        let remembers = signed_in && attempt.network != Network::UNKNOWN;
        let call = self.on(&self.give_back, attempt).arg(u8::from(known)).arg(u8::from(remembers));
        self.connection.run::<i64>(&call.command()).await.map(drop)
    }
}

/// Returns for each budget after how long one more attempt is available, and the whole budget, in milliseconds. Both are 0
/// if there is no limit.
fn budgets(limits: &AttemptLimits) -> Vec<u64> {
    let times =
        |budget: Option<Budget>| budget.map_or([0; 2], |budget| [budget.every(), budget.whole()].map(millis));
    [limits.account, limits.new_networks].into_iter().flat_map(times).collect()
}
