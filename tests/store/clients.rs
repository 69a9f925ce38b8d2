//! Clients that keep refreshing while servers fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jwt_auth::{AuthError, JwtAuth, TokenPair};
use jwt_auth_tests::{User, refresh, user};
use rocket::tokio::task::JoinHandle;
use rocket::tokio::time::sleep;

/// Longer than any failover in these tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// One client per user. Each keeps refreshing, and retries with the same token after a 503.
pub(crate) struct Clients {
    counts: Arc<Counts>,
    stop: Arc<AtomicBool>,
    /// How often each client has refreshed.
    refreshed: Vec<Arc<AtomicUsize>>,
    tasks: Vec<JoinHandle<TokenPair>>,
    auth: JwtAuth,
}

#[derive(Default)]
struct Counts {
    unavailable: AtomicUsize,
    refused: AtomicUsize,
}

/// The counted results of all refreshes.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) refreshed: usize,
    pub(crate) unavailable: usize,
    pub(crate) refused: usize,
}

impl Clients {
    pub(crate) async fn start(auth: &JwtAuth, names: impl Iterator<Item = String>) -> Self {
        let (counts, stop) = (Arc::new(Counts::default()), Arc::new(AtomicBool::new(false)));
        let mut clients = Self { counts, stop, refreshed: Vec::new(), tasks: Vec::new(), auth: auth.clone() };
        for name in names {
            let pair = auth.generate_tokens(&user(&name)).await.expect("a login");
            let refreshed = Arc::<AtomicUsize>::default();
            clients.refreshed.push(Arc::clone(&refreshed));
            let client =
                client(auth.clone(), pair, refreshed, Arc::clone(&clients.counts), Arc::clone(&clients.stop));
            clients.tasks.push(rocket::tokio::spawn(client));
        }
        clients
    }

    pub(crate) async fn for_a_while(&self, time: Duration) {
        sleep(time).await;
    }

    /// Waits until every client has refreshed several more times.
    pub(crate) async fn until_all_refreshed_again(&self) {
        let now: Vec<usize> = self.refreshed.iter().map(|count| count.load(Ordering::SeqCst)).collect();
        soon("every client refreshes again", async || {
            self.refreshed.iter().zip(&now).all(|(count, before)| count.load(Ordering::SeqCst) > before + 3)
        })
        .await;
    }

    /// Stops the clients, checks that every session is alive and returns the counts.
    pub(crate) async fn stop(self) -> Seen {
        self.stop.store(true, Ordering::SeqCst);
        for task in self.tasks {
            let pair = task.await.expect("a client does not panic");
            refresh(&self.auth, &pair.refresh_token).await.expect("the session is alive");
        }
        Seen {
            refreshed: self.refreshed.iter().map(|count| count.load(Ordering::SeqCst)).sum(),
            unavailable: self.counts.unavailable.load(Ordering::SeqCst),
            refused: self.counts.refused.load(Ordering::SeqCst),
        }
    }
}

async fn client(
    auth: JwtAuth,
    mut pair: TokenPair,
    refreshed: Arc<AtomicUsize>,
    counts: Arc<Counts>,
    stop: Arc<AtomicBool>,
) -> TokenPair {
    while !stop.load(Ordering::SeqCst) {
        match refresh(&auth, &pair.refresh_token).await {
            Ok(next) => {
                pair = next;
                refreshed.fetch_add(1, Ordering::SeqCst);
            }
            Err(AuthError::TemporarilyUnavailable(_)) => {
                counts.unavailable.fetch_add(1, Ordering::SeqCst);
            }
            Err(error) => {
                eprintln!("a client was rejected: {error:?}");
                counts.refused.fetch_add(1, Ordering::SeqCst);
            }
        }
        sleep(Duration::from_millis(10)).await;
    }
    pair
}

/// Waits until a condition holds.
pub(crate) async fn soon(what: &str, holds: impl AsyncFn() -> bool) {
    let begin = Instant::now();
    while !holds().await {
        assert!(begin.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until a process rejects an access token.
pub(crate) async fn refused_soon(auth: &JwtAuth, access_token: &str) {
    soon("the token is rejected", async || auth.verify::<User>(access_token).is_err()).await;
}
