//! Random sequences of actions by users, their clients and thieves. They run on two apps whose clocks differ, over real
//! stores that lose responses and writes. After every step, the result and the contents of the store must match the
//! [reference](reference).

mod op;
mod play;
mod reference;

use std::sync::Arc;
use std::time::Duration;

use jwt_auth::JwtAuth;
use jwt_auth::clock::ManualClock;
use jwt_auth::store::{MemoryStore, RedisOptions, RedisStore, RefreshStore};
use jwt_auth_tests::{RedisServer, Setup};
use proptest::test_runner::{Config, TestRunner};
use rocket::tokio::runtime::Runtime;

use self::op::{Edge, Op, ops};
use self::play::play;
use self::reference::{ACCESS_TTL, GRACE, LEEWAY, MAX_SESSIONS, REFRESH_TTL, SESSION_TTL};
use crate::lossy_store::LossyStore;

/// How far ahead the clock of the second app is.
const SKEW: Duration = Duration::from_millis(3_001);

#[test]
fn memory_matches_the_reference() {
    run(1, async || in_memory());
}

#[test]
fn redis_matches_the_reference() {
    let server = RedisServer::start();
    let connect = async || {
        let mut options = RedisOptions::default();
        options.timeout = Duration::from_secs(10);
        let store = RedisStore::connect(server.url(), options).await.expect("the server responds");
        Arc::new(store) as Arc<dyn RefreshStore>
    };
    run(2, async || [connect().await, connect().await, connect().await]);
}

/// A sequence that once failed: a login drops an expired session, which is then logged out and comes back when the store
/// loses the login.
#[test]
fn a_lost_logout_of_an_expired_session_is_repeated() {
    let ops = [
        Op::Login { user: 0, app: 0, lost: false },
        Op::Reach { edge: Edge::Idle, token: 0, app: 0 },
        Op::Login { user: 0, app: 0, lost: false },
        Op::Logout { token: 1, app: 1, lost: false },
        Op::Lose { user: 0, last: 1 },
        Op::Refresh { token: 1, app: 1, lost: false },
    ];
    let runtime = Runtime::new().expect("a runtime starts");
    let played = runtime.block_on(async { play(&World::launch(in_memory()).await, &ops).await });
    played.expect("the store matches the reference");
}

/// One memory store, for two apps and the test.
fn in_memory() -> [Arc<dyn RefreshStore>; 3] {
    let store: Arc<dyn RefreshStore> = Arc::new(MemoryStore::new());
    [(); 3].map(|()| Arc::clone(&store))
}

/// Two apps, with direct access to their store.
struct World {
    apps: [App; 2],
    store: Arc<dyn RefreshStore>,
}

struct App {
    auth: JwtAuth,
    clock: ManualClock,
    line: LossyStore,
}

/// Plays `PROPTEST_CASES` sequences (256 by default), divided by `part`. A failure reports the shortest sequence that
/// fails. It can be replayed, so no seeds are kept in a file.
fn run(part: u32, stores: impl AsyncFnOnce() -> [Arc<dyn RefreshStore>; 3]) {
    let runtime = Runtime::new().expect("a runtime starts");
    let world = runtime.block_on(async { World::launch(stores().await).await });
    let all = Config::default();
    let config = Config { cases: all.cases / part, failure_persistence: None, ..all };
    let result = TestRunner::new(config).run(&ops(), |ops| runtime.block_on(play(&world, &ops)));
    if let Err(error) = result {
        panic!("{error}");
    }
}

impl World {
    async fn launch([one, other, store]: [Arc<dyn RefreshStore>; 3]) -> Self {
        Self { apps: [App::launch(one, Duration::ZERO).await, App::launch(other, SKEW).await], store }
    }
}

impl App {
    async fn launch(store: Arc<dyn RefreshStore>, ahead: Duration) -> Self {
        let setup = Setup::memory()
            .with("reuse_grace", text(GRACE))
            .with("access_ttl", text(ACCESS_TTL))
            .with("refresh_ttl", text(REFRESH_TTL))
            .with("session_ttl", text(SESSION_TTL))
            .with("leeway", text(LEEWAY))
            .with("max_sessions", MAX_SESSIONS);
        let (clock, line) = (setup.clock.clone(), LossyStore::over(store));
        clock.advance(ahead);
        let fairing = JwtAuth::fairing().clock(clock.clone()).store(line.clone());
        let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
        let auth = rocket.state::<JwtAuth>().expect("the fairing is attached").clone();
        Self { auth, clock, line }
    }
}

fn text(duration: Duration) -> String {
    format!("{}s", duration.as_secs())
}
