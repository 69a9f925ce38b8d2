//! The cost of verifying an access token while many sessions are revoked: the complete verification, which a guard runs
//! once per request.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    AttemptStore, Context, Family, FeedPage, Inserted, MemoryStore, Owner, OwnerDigest, RefreshStore,
    Removed, Revision, Revocation, RevocationFeed, StoreError, Swap, Swapped,
};
use jwt_auth::{Fairing, JwtAuth};
use jwt_auth_tests::measure::{Samples, Table, nanos, scaled, thousands};
use jwt_auth_tests::{Setup, User, user};
use log::LevelFilter;
use rocket::async_trait;
use rocket::tokio::runtime::Runtime;
use uuid::Uuid;

const ROUNDS: usize = 31;

fn main() {
    let runtime = Runtime::new().expect("a runtime starts");
    let _entered = runtime.enter();
    let launch = |revoked: usize, revocation: &str| {
        let fairing = JwtAuth::fairing().store(Revoked::new(revoked));
        runtime.block_on(launch(
            Setup::memory().with("token_cache", "0B").with("revocation", revocation),
            fairing,
        ))
    };
    let apps: Vec<(String, JwtAuth)> = [0, 1_000, scaled(1_000_000, 10_000)]
        .into_iter()
        .map(|revoked| (thousands(revoked as f64), launch(revoked, "push")))
        .chain([("`revocation = \"off\"`".to_owned(), launch(0, "off"))])
        .collect();
    log::set_max_level(LevelFilter::Off);

    // The tokens are of many sessions, so that the lookups do not always read the same part of the memory.
    let tokens: Vec<String> = (0..scaled(20_000, 100))
        .map(|n| runtime.block_on(async { apps[0].1.generate_tokens(&user(&format!("user-{n}"))).await }))
        .map(|pair| pair.expect("the store works").access_token)
        .collect();

    let mut samples = vec![Vec::new(); apps.len()];
    for _ in 0..ROUNDS {
        for ((_, auth), samples) in apps.iter().zip(&mut samples) {
            samples.push(nanos(tokens.len(), |n| {
                black_box(auth.verify::<User>(black_box(&tokens[n])).expect("the token is valid"));
            }));
        }
    }

    let samples: Vec<Samples> = samples.into_iter().map(Samples::new).collect();
    let mut table =
        Table::new("`auth.verify`, HS256", &["revoked sessions", "median, ns", "min, ns", "difference, ns"]);
    for ((name, _), own) in apps.iter().zip(&samples) {
        table.row(&[
            name.clone(),
            thousands(own.median()),
            thousands(own.min()),
            format!("{:+.0}", own.median() - samples[0].median()),
        ]);
    }
    table.print();
    println!("\nFor comparison: a read from main memory, outside all caches, takes {:.0} ns.", main_memory());
}

/// Returns the time of a read from main memory, in nanoseconds. Walks through 64 MiB in random order. Each read yields the
/// address of the next one.
fn main_memory() -> f64 {
    const LINES: usize = 1 << 20;
    let mut order: Vec<usize> = (0..LINES).collect();
    for n in (1..LINES).rev() {
        order.swap(n, Uuid::new_v4().as_u128() as usize % n);
    }
    let mut walk = vec![[0_usize; 8]; LINES];
    for (from, to) in order.iter().zip(order.iter().cycle().skip(1)) {
        walk[*from][0] = *to;
    }
    let mut at = 0;
    nanos(LINES, |_| at = black_box(walk[at][0]))
}

async fn launch(setup: Setup, fairing: Fairing) -> JwtAuth {
    let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
    rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
}

/// A memory store with a feed on which this many sessions were revoked before the launch.
struct Revoked {
    store: MemoryStore,
    sessions: usize,
}

impl Revoked {
    fn new(sessions: usize) -> Self {
        Self { store: MemoryStore::new(), sessions }
    }
}

#[async_trait]
impl RefreshStore for Revoked {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        self.store.insert(owner, family, max, context).await
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        self.store.compare_and_swap(owner, sid, swap, context).await
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store.confirm(owner, sid, generation, now).await
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        self.store.find(owner, sid).await
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        self.store.list(owner).await
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        self.store.revision(owner, context).await
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError> {
        self.store.remove(owner, sid, context).await
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        self.store.remove_all(owner, spared, context).await
    }

    async fn tell(&self, _: &Revocation, _: &Context) -> Result<bool, StoreError> {
        Ok(true)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
        Some(Arc::new(Self::new(self.sessions)))
    }

    fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
        None
    }
}

#[async_trait]
impl RevocationFeed for Revoked {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<FeedPage, StoreError> {
        let mut revocations = Vec::new();
        let id = || OwnerDigest::from_bytes(Uuid::new_v4().into_bytes());
        match cursor {
            None => revocations.extend((0..self.sessions).map(|_| Revocation::Session(id(), Uuid::new_v4()))),
            Some(_) => rocket::tokio::time::sleep(wait).await,
        }
        Ok(FeedPage::new(revocations, Some("all".to_owned()), true))
    }
}
