//! The cost of a session cookie: a route that a cookie opens, compared with the same route and a header, and the decision
//! whether a page of another site has caused the request.

use std::future::Future;
use std::hint::black_box;
use std::time::Instant;

use jwt_auth::{Auth, JwtAuth, SameOrigin, TokenPair, require_auth};
use jwt_auth_tests::measure::{Samples, Table, scaled, thousands};
use jwt_auth_tests::{Setup, User, user};
use log::LevelFilter;
use rocket::http::uri::Host;
use rocket::http::{Header, Method, Status};
use rocket::local::asynchronous::{Client, LocalRequest};
use rocket::tokio::runtime::Builder;
use rocket::{get, post};

const ROUNDS: usize = 201;
const HOST: &str = "app.example.com";
const ORIGIN: &str = "https://app.example.com";

#[require_auth]
#[get("/")]
fn read(user: Auth<User>) -> String {
    user.name.clone()
}

#[require_auth]
#[post("/")]
fn change(user: Auth<User>) -> String {
    user.name.clone()
}

/// A request of a page of the app.
struct Sample {
    name: &'static str,
    method: Method,
    /// Whether its token is in a cookie.
    has_cookie: bool,
    /// Whether it has Fetch Metadata, as from all browsers since 2023.
    has_metadata: bool,
    /// Whether the samples after it are compared with it.
    is_base: bool,
}

const BASE: Sample =
    Sample { name: "", method: Method::Get, has_cookie: false, has_metadata: true, is_base: true };
const COOKIE: Sample = Sample { has_cookie: true, is_base: false, ..BASE };

const SOURCES: [Sample; 5] = [
    Sample { name: "`GET`, header", ..BASE },
    Sample { name: "`GET`, cookie", ..COOKIE },
    Sample { name: "`POST`, header", method: Method::Post, ..BASE },
    Sample { name: "`POST`, cookie, `Sec-Fetch-Site` decides", method: Method::Post, ..COOKIE },
    Sample { name: "`POST`, cookie, `Origin` decides", method: Method::Post, has_metadata: false, ..COOKIE },
];

/// The base is sent to an app without cookies, in which the guard decides nothing.
const DECISIONS: [Sample; 4] = [
    Sample { name: "an app without cookies", ..BASE },
    Sample { name: "`GET`", ..COOKIE },
    Sample { name: "`POST`, `Sec-Fetch-Site` decides", method: Method::Post, ..COOKIE },
    Sample { name: "`POST`, `Origin` decides", method: Method::Post, has_metadata: false, ..COOKIE },
];

fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let client = launch(&Setup::memory().with("token_cache", "0B").with("cookies.secure", true)).await;
        let without_cookies = launch(&Setup::memory().with("token_cache", "0B")).await;
        let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
        let pair = auth.generate_tokens(&user("alice")).await.expect("memory works");
        log::set_max_level(LevelFilter::Off);

        let requests = compare(&SOURCES, async |sample| {
            let request = sample.request(&client, &pair);
            let begin = Instant::now();
            let response = request.dispatch().await;
            let nanos = begin.elapsed().as_nanos();
            assert_eq!(response.status(), Status::Ok, "{}", sample.name);
            nanos
        });
        print("Requests through Rocket's local client", &SOURCES, &requests.await);

        let guards = compare(&SOURCES, async |sample| {
            let request = sample.request(&client, &pair);
            timed(request.inner().guard::<Auth<User>>()).await
        });
        print("The guard `Auth<User>` alone", &SOURCES, &guards.await);

        let decisions = compare(&DECISIONS, async |sample| {
            let client = if sample.is_base { &without_cookies } else { &client };
            let request = sample.request(client, &pair);
            timed(request.inner().guard::<SameOrigin>()).await
        });
        print("The guard `SameOrigin` alone", &DECISIONS, &decisions.await);
    });
}

async fn launch(setup: &Setup) -> Client {
    let rocket = setup.rocket().mount("/", jwt_auth::routes![read, change]);
    Client::untracked(rocket).await.expect("the app launches")
}

impl Sample {
    fn request<'c>(&self, client: &'c Client, pair: &TokenPair) -> LocalRequest<'c> {
        let TokenPair { access_token, refresh_token, .. } = pair;
        let mut request = client.req(self.method, "/");
        request.inner_mut().set_host(Host::parse(HOST).expect("a host"));
        request.add_header(if self.has_cookie {
            let pairs = format!("__Host-Http-jwt={access_token}; __Host-Http-jwt-refresh={refresh_token}");
            Header::new("Cookie", pairs)
        } else {
            Header::new("Authorization", format!("Bearer {access_token}"))
        });
        if self.method == Method::Post {
            request.add_header(Header::new("Origin", ORIGIN));
        }
        if self.has_metadata {
            for (name, value) in
                [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")]
            {
                request.add_header(Header::new(name, value));
            }
        }
        request
    }
}

/// Returns the time that a guard takes to succeed, in nanoseconds.
async fn timed<T, E: std::fmt::Debug>(guard: impl Future<Output = rocket::request::Outcome<T, E>>) -> u128 {
    let begin = Instant::now();
    let outcome = black_box(guard.await);
    let nanos = begin.elapsed().as_nanos();
    assert!(outcome.is_success(), "{outcome:?}");
    nanos
}

/// Measures each kind of request in turn. Returns the medians of the rounds, in nanoseconds, of one kind after the other.
async fn compare<const N: usize>(
    kinds: &[Sample; N],
    measure: impl AsyncFn(&Sample) -> u128,
) -> [Vec<f64>; N] {
    let mut rounds = [const { Vec::new() }; N];
    for _ in 0..scaled(ROUNDS, 3) {
        let mut samples = [const { Vec::new() }; N];
        for _ in 0..scaled(200, 5) {
            for (kind, own) in kinds.iter().zip(&mut samples) {
                own.push(measure(kind).await as f64);
            }
        }
        for (own, round) in samples.into_iter().zip(&mut rounds) {
            round.push(Samples::new(own).median());
        }
    }
    rounds
}

fn print<const N: usize>(title: &str, kinds: &[Sample; N], rounds: &[Vec<f64>; N]) {
    let mut table =
        Table::new(title, &["request", "median, ns", "min, ns", "ratio", "difference of the minima, ns"]);
    let mut base = &rounds[0];
    for (kind, own) in kinds.iter().zip(rounds) {
        if kind.is_base {
            base = own;
        }
        let ratios = own.iter().zip(base).map(|(own, base)| own / base).collect();
        let (samples, base) = (Samples::new(own.clone()), Samples::new(base.clone()));
        table.row(&[
            kind.name.to_owned(),
            thousands(samples.median()),
            thousands(samples.min()),
            format!("{:.2}", Samples::new(ratios).median()),
            format!("{:+.0}", samples.min() - base.min()),
        ]);
    }
    table.print();
}
