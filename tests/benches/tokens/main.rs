//! Verifying and signing an access token, compared with `jsonwebtoken::decode` and `encode`: the same token,
//! the same key, and at least the same checks.
//!
//! `cargo bench -p jwt-auth-tests --bench tokens` measures times. With `-- --once verify jwt-auth ES256 100`, it only runs
//! one operation a hundred times, for a tool that counts instructions: `tests/benches/tokens/instructions.sh`.

mod peer;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use jsonwebtoken::Algorithm::{self, ES256, EdDSA, HS256, RS256};
use jwt_auth::{Claims, JwtAuth};
use jwt_auth_tests::Setup;
use jwt_auth_tests::measure::{Table, is_rehearsal, scaled};
use peer::Peer;
use rocket::Config;
use rocket::futures::FutureExt;
use rocket::tokio::runtime::Runtime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALGORITHMS: [Algorithm; 4] = [HS256, RS256, ES256, EdDSA];
const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "api.example.com";

/// The claims of the token in addition to the registered ones.
#[derive(Claims, Clone, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: Uuid,
    username: String,
    roles: Vec<String>,
}

fn user() -> User {
    User {
        id: Uuid::new_v4(),
        username: "ann".to_owned(),
        roles: vec!["editor".to_owned(), "admin".to_owned()],
    }
}

/// Both sides, with the same key.
struct Sides {
    algorithm: Algorithm,
    /// An app without a token cache.
    uncached: JwtAuth,
    /// An app with a token cache.
    cached: JwtAuth,
    peer: Peer,
}

impl Sides {
    fn of(algorithm: Algorithm) -> Self {
        // In the debug profile, claims are read back before they are signed.
        let setup = Setup::bare(Config::release_default()).key(algorithm);
        let setup = setup.with("issuer", ISSUER).with("audience", AUDIENCE);
        let launch = |cache: &str| async_run(setup.clone().with("token_cache", cache).launch());
        Self {
            algorithm,
            uncached: launch("0B"),
            cached: launch("64MiB"),
            peer: Peer::new(algorithm, ISSUER, AUDIENCE),
        }
    }

    fn tokens(&self, count: usize) -> Vec<String> {
        (0..count).map(|_| signed(&self.uncached, &user())).collect()
    }
}

fn async_run<T>(future: impl Future<Output = T>) -> T {
    Runtime::new().expect("a runtime starts").block_on(future)
}

fn verify(auth: &JwtAuth, token: &str) {
    black_box(auth.verify::<User>(black_box(token)).expect("the token is valid"));
}

fn sign(auth: &JwtAuth, user: &User) {
    black_box(signed(auth, black_box(user)));
}

/// Signs a token. The memory store responds at once.
fn signed(auth: &JwtAuth, user: &User) -> String {
    auth.create_access_token(user)
        .into_future()
        .now_or_never()
        .expect("the memory store responds at once")
        .expect("the app signs")
}

fn main() {
    let runtime = Runtime::new().expect("a runtime starts");
    let _entered = runtime.enter();
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--once") {
        return once(&arguments[at + 1..]);
    }
    let sides = ALGORITHMS.map(Sides::of);
    log::set_max_level(log::LevelFilter::Off);
    let mut criterion = Criterion::default().configure_from_args();
    sides.iter().for_each(|sides| times(&mut criterion, sides));
    criterion.final_summary();
    if !is_rehearsal() {
        ratios();
    }
}

fn times(criterion: &mut Criterion, sides: &Sides) {
    let Sides { algorithm, uncached, cached, peer } = sides;
    let tokens = sides.tokens(1_000);
    let mut group = criterion.benchmark_group(format!("verify {algorithm:?}"));
    let mut next = tokens.iter().cycle();
    group.bench_function("jsonwebtoken", |bencher| {
        bencher.iter(|| peer.verify(next.next().expect("the iterator never ends")));
    });
    group.bench_function("jwt-auth, uncached", |bencher| {
        bencher.iter(|| verify(uncached, next.next().expect("the iterator never ends")));
    });
    for count in [10, scaled(10_000, 100)] {
        let tokens = sides.tokens(count);
        tokens.iter().for_each(|token| verify(cached, token));
        // In an order that the processor cannot predict.
        let mut at = 0;
        group.bench_function(BenchmarkId::new("jwt-auth, cached", count), |bencher| {
            bencher.iter(|| {
                at = (at + 7_919) % count;
                verify(cached, &tokens[at]);
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group(format!("sign {algorithm:?}"));
    let ann = user();
    group.bench_function("jsonwebtoken", |bencher| bencher.iter(|| peer.sign(&ann)));
    group.bench_function("jwt-auth", |bencher| bencher.iter(|| sign(uncached, &ann)));
    group.finish();
}

/// Prints the results of criterion, with the ratio of jwt-auth to jsonwebtoken.
fn ratios() {
    let mut table = Table::new(
        "Times",
        &["", "jsonwebtoken, µs", "jwt-auth", "ratio", "cached, of 10", "cached, of 10 000"],
    );
    for algorithm in ALGORITHMS {
        let of = |what: &str, name: &str| median(&format!("{what} {algorithm:?}"), name);
        let (theirs, ours) = (of("verify", "jsonwebtoken"), of("verify", "jwt-auth, uncached"));
        let [hot, many] = ["10", "10000"].map(|count| of("verify", &format!("jwt-auth, cached/{count}")));
        table.row(&row(&format!("verify {algorithm:?}"), theirs, ours, [Some(hot), Some(many)]));
        let (theirs, ours) = (of("sign", "jsonwebtoken"), of("sign", "jwt-auth"));
        table.row(&row(&format!("sign {algorithm:?}"), theirs, ours, [None, None]));
    }
    table.print();
}

fn row(name: &str, theirs: f64, ours: f64, cached: [Option<f64>; 2]) -> Vec<String> {
    let micros = |nanos: f64| format!("{:.2}", nanos / 1_000.0);
    let [hot, many] = cached.map(|nanos| nanos.map_or("–".to_owned(), micros));
    vec![name.to_owned(), micros(theirs), micros(ours), format!("{:.2}", ours / theirs), hot, many]
}

/// Reads a median from the results of criterion, in nanoseconds.
fn median(group: &str, name: &str) -> f64 {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/criterion");
    let path = format!("{root}/{group}/{name}/new/estimates.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let estimates: serde_json::Value = serde_json::from_str(&text).expect("criterion writes JSON");
    estimates["median"]["point_estimate"].as_f64().expect("a number")
}

/// Runs one operation. The arguments are `verify|sign jwt-auth|jsonwebtoken|cached ALGORITHM COUNT`.
fn once(arguments: &[String]) {
    let [what, side, algorithm, count] = arguments else { panic!("--once WHAT SIDE ALGORITHM COUNT") };
    let sides = Sides::of(algorithm.parse().expect("an algorithm"));
    log::set_max_level(log::LevelFilter::Off);
    let (token, ann) = (sides.tokens(1).remove(0), user());
    verify(&sides.cached, &token);
    let call: &dyn Fn() = match (what.as_str(), side.as_str()) {
        ("verify", "jsonwebtoken") => &|| sides.peer.verify(&token),
        ("verify", "jwt-auth") => &|| verify(&sides.uncached, &token),
        ("verify", "cached") => &|| verify(&sides.cached, &token),
        ("sign", "jsonwebtoken") => &|| sides.peer.sign(&ann),
        ("sign", "jwt-auth") => &|| sign(&sides.uncached, &ann),
        _ => panic!("no such operation: {what} {side}"),
    };
    call();
    counted(call, count.parse().expect("a number"));
}

/// The tool counts only inside this function.
#[inline(never)]
fn counted(call: &dyn Fn(), count: usize) {
    for _ in 0..count {
        call();
    }
}
