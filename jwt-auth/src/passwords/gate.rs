//! The limits of how many passwords are hashed, and how many wait for it.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::AuthError;

/// The cause of the 503 if no more work may wait.
#[derive(Debug, thiserror::Error)]
#[error("too many passwords are waiting to be hashed")]
struct Full;

/// Runs blocking work on other threads, within limits. Clones share the limits.
#[derive(Clone)]
pub(super) struct Gate {
    /// A permit for all work that is running or waiting.
    places: Arc<Semaphore>,
    /// A permit for all work that is running.
    running: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn new(at_once: u16, waiting: u16) -> Self {
        let (at_once, waiting) = (usize::from(at_once), usize::from(waiting));
        Self {
            places: Arc::new(Semaphore::new(at_once + waiting)),
            running: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Runs the work when it is its turn, or rejects it at once if too much other work waits.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(AuthError::unavailable(Full));
        };
        let turn = Arc::clone(&self.running).acquire_owned().await.expect("the semaphore is never closed");
        let result = spawn_blocking(move || {
            // Work that has begun cannot be stopped, so it keeps its permits even if the request is cancelled.
            let _permits = (place, turn);
            work()
        });
        result.await.map_err(|error| AuthError::internal(format!("a password was not hashed: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::task::JoinHandle;
    use tokio::time::{sleep, timeout};

    use super::*;

    /// Starts work that runs until the sender is dropped or sends something.
    fn start(gate: &Gate) -> (mpsc::Sender<()>, JoinHandle<Result<(), AuthError>>) {
        let (sender, receiver) = mpsc::channel::<()>();
        let gate = gate.clone();
        let work = move || {
            let _ = receiver.recv();
        };
        (sender, tokio::spawn(async move { gate.run(work).await }))
    }

    /// Waits until the gate has this many places and turns left.
    async fn settle(gate: &Gate, places: usize, turns: usize) {
        let left = || (gate.places.available_permits(), gate.running.available_permits());
        let settled = async {
            while left() != (places, turns) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let settled = timeout(Duration::from_secs(10), settled).await;
        assert!(settled.is_ok(), "{:?} are left instead of {:?}", left(), (places, turns));
    }

    async fn is_rejected(gate: &Gate) -> bool {
        let result =
            timeout(Duration::from_secs(10), gate.run(|| ())).await.expect("the rejection is at once");
        matches!(result, Err(AuthError::TemporarilyUnavailable(_)))
    }

    #[rocket::async_test]
    async fn work_beyond_the_limits_is_rejected_at_once() {
        let gate = Gate::new(2, 3);
        let (finish, work): (Vec<_>, Vec<_>) = (0..5).map(|_| start(&gate)).unzip();
        settle(&gate, 0, 0).await;
        assert!(is_rejected(&gate).await);
        drop(finish);
        for work in work {
            assert!(work.await.expect("the work does not panic").is_ok());
        }
        settle(&gate, 5, 2).await;
    }

    #[rocket::async_test]
    async fn a_cancelled_request_that_waits_makes_room() {
        let gate = Gate::new(1, 1);
        let (finish, running) = start(&gate);
        settle(&gate, 1, 0).await;
        let (_other, waiting) = start(&gate);
        settle(&gate, 0, 0).await;
        waiting.abort();
        settle(&gate, 1, 0).await;
        drop(finish);
        assert!(running.await.expect("the work does not panic").is_ok());
        settle(&gate, 2, 1).await;
    }

    #[rocket::async_test]
    async fn a_cancelled_request_counts_until_its_work_ends() {
        let gate = Gate::new(1, 0);
        let (finish, running) = start(&gate);
        settle(&gate, 0, 0).await;
        running.abort();
        assert!(running.await.is_err_and(|error| error.is_cancelled()));
        assert!(is_rejected(&gate).await, "the work still runs");
        drop(finish);
        settle(&gate, 1, 1).await;
        assert!(gate.run(|| ()).await.is_ok());
    }

    #[rocket::async_test]
    async fn a_panic_gives_its_permits_back() {
        let gate = Gate::new(1, 0);
        let result = gate.run(|| panic!("this is a test")).await;
        assert!(matches!(result, Err(AuthError::Internal(_))), "{result:?}");
        settle(&gate, 1, 1).await;
    }
}
