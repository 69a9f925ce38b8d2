//! The cost of verifying an access token while many sessions are revoked: the complete check, as a guard does
//! it once for each request.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    Family, FeedPage, RefreshStore, Revocation, RevocationFeed, StoreError, Swap, SwapOutcome,
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
        let fairing = JwtAuth::fairing().store(Revoked(revoked));
        runtime.block_on(launch(Setup::memory().with("revocation", revocation), fairing))
    };
    let apps: Vec<(String, JwtAuth)> = [0, 1_000, scaled(1_000_000, 10_000)]
        .into_iter()
        .map(|revoked| (thousands(revoked as f64), launch(revoked, "push")))
        .chain([("`revocation = \"off\"`".to_owned(), launch(0, "off"))])
        .collect();
    log::set_max_level(LevelFilter::Off);

    // Of as many sessions, so that it is not always the same part of the memory that is asked for.
    let tokens: Vec<String> = (0..scaled(20_000, 100))
        .map(|n| runtime.block_on(async { apps[0].1.generate_tokens(&user(&format!("user-{n}"))).await }))
        .map(|pair| pair.expect("the store takes everything").access_token)
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
    let mut table = Table::new(
        "`auth.verify`, HS256",
        &["sessions revoked", "median, ns", "least, ns", "more than with none, ns"],
    );
    for ((name, _), own) in apps.iter().zip(&samples) {
        table.row(&[
            name.clone(),
            thousands(own.median()),
            thousands(own.min()),
            format!("{:+.0}", own.median() - samples[0].median()),
        ]);
    }
    table.print();
    println!("\nFor comparison: what is in no cache of the processor takes {:.0} ns to read.", main_memory());
}

/// How long a read of the main memory takes, in nanoseconds: a walk over 64 MiB in no order, each step of which is
/// known after the one before.
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

/// A store in which so many sessions were revoked before the launch. It keeps none.
struct Revoked(usize);

#[async_trait]
impl RefreshStore for Revoked {
    async fn insert(&self, _: &str, _: &Family, _: Timestamp, _: usize) -> Result<Vec<Uuid>, StoreError> {
        Ok(Vec::new())
    }

    async fn compare_and_swap(&self, _: &str, _: Uuid, _: &Swap) -> Result<SwapOutcome, StoreError> {
        Ok(SwapOutcome::Refused(None))
    }

    async fn list(&self, _: &str) -> Result<Vec<Family>, StoreError> {
        Ok(Vec::new())
    }

    async fn remove(&self, _: &str, _: Uuid) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn remove_all(&self, _: &str, _: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        Ok(Vec::new())
    }

    fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
        Some(Arc::new(Self(self.0)))
    }
}

#[async_trait]
impl RevocationFeed for Revoked {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<FeedPage, StoreError> {
        let mut revocations = Vec::new();
        match cursor {
            None => revocations.extend((0..self.0).map(|_| Revocation::Session(Uuid::new_v4()))),
            Some(_) => rocket::tokio::time::sleep(wait).await,
        }
        Ok(FeedPage::new(revocations, Some("all".to_owned()), true))
    }
}
