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

/// Where the token of a request is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Header,
    Cookie,
}

/// A request of a page of the app.
struct Sample {
    name: &'static str,
    method: Method,
    sent: Sent,
    /// Whether it has Fetch Metadata, as from all browsers since 2023.
    has_metadata: bool,
}

const GET: Sample =
    Sample { name: "`GET`, header", method: Method::Get, sent: Sent::Header, has_metadata: true };
const POST: Sample = Sample { name: "`POST`, header", method: Method::Post, ..GET };

/// Each header is followed by the cookies that are compared with it.
const SAMPLES: [Sample; 5] = [
    GET,
    Sample { name: "`GET`, cookie", sent: Sent::Cookie, ..GET },
    POST,
    Sample { name: "`POST`, cookie, `Sec-Fetch-Site` decides", sent: Sent::Cookie, ..POST },
    Sample { name: "`POST`, cookie, `Origin` decides", sent: Sent::Cookie, has_metadata: false, ..POST },
];

fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let setup = Setup::memory().with("cookies.secure", true);
        let rocket = setup.rocket().mount("/", jwt_auth::routes![read, change]);
        let client = Client::untracked(rocket).await.expect("the app launches");
        let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
        let pair = auth.generate_tokens(&user("alice")).await.expect("memory works");
        log::set_max_level(LevelFilter::Off);

        let requests = compare(async |sample| {
            let request = sample.request(&client, &pair);
            let begin = Instant::now();
            let response = request.dispatch().await;
            let nanos = begin.elapsed().as_nanos();
            assert_eq!(response.status(), Status::Ok, "{}", sample.name);
            nanos
        });
        print("Requests through Rocket's local client", &requests.await);

        let guards = compare(async |sample| {
            let request = sample.request(&client, &pair);
            timed(request.inner().guard::<Auth<User>>()).await
        });
        print("The guard `Auth<User>` alone", &guards.await);

        let decisions = compare(async |sample| {
            let request = sample.request(&client, &pair);
            timed(request.inner().guard::<SameOrigin>()).await
        });
        print("The guard `SameOrigin` alone", &decisions.await);
    });
}

impl Sample {
    fn request<'c>(&self, client: &'c Client, pair: &TokenPair) -> LocalRequest<'c> {
        let mut request = client.req(self.method, "/");
        request.inner_mut().set_host(Host::parse(HOST).expect("a host"));
        request.add_header(match self.sent {
            Sent::Header => Header::new("Authorization", format!("Bearer {}", pair.access_token)),
            Sent::Cookie => Header::new(
                "Cookie",
                format!(
                    "__Host-Http-jwt={}; __Host-Http-jwt-refresh={}",
                    pair.access_token, pair.refresh_token
                ),
            ),
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

/// Measures each kind of request in turn. Returns the median of each round, in nanoseconds, of one kind after the other.
async fn compare(measure: impl AsyncFn(&Sample) -> u128) -> [Vec<f64>; SAMPLES.len()] {
    let mut rounds = SAMPLES.map(|_| Vec::new());
    for _ in 0..scaled(ROUNDS, 3) {
        let mut samples = SAMPLES.map(|_| Vec::new());
        for _ in 0..scaled(200, 5) {
            for (sample, own) in SAMPLES.iter().zip(&mut samples) {
                own.push(measure(sample).await as f64);
            }
        }
        for (own, round) in samples.into_iter().zip(&mut rounds) {
            round.push(Samples::new(own).median());
        }
    }
    rounds
}

fn print(title: &str, rounds: &[Vec<f64>; SAMPLES.len()]) {
    let columns = ["request", "median, ns", "min, ns", "ratio to the header", "difference, ns"];
    let mut table = Table::new(title, &columns);
    let mut header = &rounds[0];
    for (sample, own) in SAMPLES.iter().zip(rounds) {
        if sample.sent == Sent::Header {
            header = own;
        }
        let each = |of: fn(f64, f64) -> f64| {
            Samples::new(own.iter().zip(header).map(|(own, header)| of(*own, *header)).collect())
        };
        let samples = Samples::new(own.clone());
        table.row(&[
            sample.name.to_owned(),
            thousands(samples.median()),
            thousands(samples.min()),
            format!("{:.2}", each(|own, header| own / header).median()),
            format!("{:+.0}", each(|own, header| own - header).median()),
        ]);
    }
    table.print();
}
