//! Routes that require a token, compared with open routes of the same server: jwt-auth, and other libraries for
//! Rocket, axum and actix-web. All verify the same token and respond with the same eleven bytes. Two rows of jwt-auth are
//! observed: by a function that writes each event as JSON, by a recorder of metrics, and by a subscriber of `tracing`.
//!
//! The servers, which have one worker each, run on the first core. `wrk` runs on the second. Only one server is measured
//! at a time. Its open route is measured right before the protected one, because the speed of the machine varies.

mod server;

use jsonwebtoken::Algorithm::ES256;
use jwt_auth::Claims;
use jwt_auth_tests::Setup;
use jwt_auth_tests::measure::{Load, Samples, Table, cpu_time, load, pin, scaled, thousands};
use rocket::tokio::runtime::Runtime;
use serde::{Deserialize, Serialize};
use server::{Server, build, build_with};

const ROUNDS: usize = 11;
const CONNECTIONS: usize = 32;
const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "api.example.com";
const SECRET: &str = include_str!("secret.txt");

/// The claims that every server reads, in addition to the registered ones.
#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: String,
    username: String,
    roles: Vec<String>,
}

/// A row of the table: a route of a server, and the token to send.
struct Case<'a> {
    name: &'static str,
    server: &'a Server,
    path: &'static str,
    token: &'a str,
}

/// Measurements of a route and, right before it, of the open route of the same server, without a token.
struct Round {
    open: Measured,
    own: Measured,
}

struct Measured {
    load: Load,
    /// The CPU time of the server per request, in microseconds. Other work on the machine affects it less than the
    /// throughput.
    micros: f64,
}

fn main() {
    let runtime = Runtime::new().expect("a runtime starts");
    let names = Setup::memory().with("issuer", ISSUER).with("audience", AUDIENCE).with("access_ttl", "1d");
    let token = |setup: &Setup| {
        let auth = runtime.block_on(setup.launch());
        let user = User {
            id: "9c5b94b1-35ad-49bb-b118-8e8fc24abf80".to_owned(),
            username: "ann".to_owned(),
            roles: vec!["editor".to_owned(), "admin".to_owned()],
        };
        runtime.block_on(auth.create_access_token(&user).into_future()).expect("the app signs")
    };
    let hs256 = token(&names.clone().with("secret", SECRET));
    let rejected = token(&names.clone().with("secret", SECRET).with("audience", "other.example.com"));
    let es256 = token(&names.key(ES256));
    log::set_max_level(log::LevelFilter::Off);

    let rocket = build("rocket");
    let observed = build_with("rocket", "observed", "-observed");
    let p256 = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/p256.pem");
    let servers = [
        Server::start(&rocket, &settings("HS256", "secret", SECRET, r#", token_cache="0B""#)),
        Server::start(&rocket, &settings("HS256", "secret", SECRET, "")),
        Server::start(&rocket, &settings("ES256", "private_key", p256, "")),
        Server::start(&build("axum"), &[]),
        Server::start(&build("actix"), &[]),
        Server::start(&observed, &settings("HS256", "secret", SECRET, r#", token_cache="0B""#)),
    ];
    servers.iter().for_each(|server| pin(server.pid(), 0));
    pin(std::process::id(), 1);
    let [hs, hs_cached, es, axum, actix, observed] = &servers;

    let case = |name, server, path, token| Case { name, server, path, token };
    let cases = [
        case("Rocket, open, sent a token", hs, "/open", &hs256),
        case("**jwt-auth**, HS256, not cached", hs, "/jwt-auth", &hs256),
        case("**jwt-auth**, HS256", hs_cached, "/jwt-auth", &hs256),
        case("**jwt-auth**, ES256", es, "/jwt-auth", &es256),
        case("**jwt-auth**, HS256, observed", observed, "/jwt-auth", &hs256),
        case("**jwt-auth**, HS256, rejected", hs, "/jwt-auth", &rejected),
        case("**jwt-auth**, HS256, rejected and observed", observed, "/jwt-auth", &rejected),
        case("rocket-jwt-authorization, HS256", hs, "/rocket-jwt-authorization", &hs256),
        case("axum-jwt-auth, HS256", axum, "/axum-jwt-auth", &hs256),
        case("actix-web with jsonwebtoken, HS256", actix, "/jsonwebtoken", &hs256),
    ];
    let mut rounds: Vec<Vec<Round>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..scaled(ROUNDS, 1) {
        for (case, rounds) in cases.iter().zip(&mut rounds) {
            rounds.push(case.run());
        }
    }
    print(&cases, &rounds);
}

impl Case<'_> {
    fn run(&self) -> Round {
        let header = format!("Authorization: Bearer {}", self.token);
        let (open, own) = (self.server.measure("/open", &[]), self.server.measure(self.path, &[&header]));
        assert_eq!(own.load.is_rejected, self.name.contains("rejected"), "{}", self.name);
        Round { open, own }
    }
}

impl Server {
    fn measure(&self, path: &str, headers: &[&str]) -> Measured {
        let before = cpu_time(self.pid());
        let load = load(&self.url(path), CONNECTIONS, headers, &[]);
        let micros = (cpu_time(self.pid()) - before).as_secs_f64() * 1e6 / load.requests;
        Measured { load, micros }
    }
}

/// Returns the environment of a Rocket app with one worker.
fn settings(algorithm: &str, key: &str, value: &str, more: &str) -> [(&'static str, String); 3] {
    let names = format!(r#"issuer="{ISSUER}", audience="{AUDIENCE}", access_ttl="1d""#);
    let own = format!(r#"{{algorithm="{algorithm}", {key}="{value}", {names}{more}}}"#);
    [("ROCKET_WORKERS", "1".to_owned()), ("ROCKET_LOG_LEVEL", "off".to_owned()), ("ROCKET_JWT_AUTH", own)]
}

fn print(cases: &[Case<'_>], rounds: &[Vec<Round>]) {
    let mut table = Table::new(
        "One worker, 32 connections",
        &["route", "requests/s", "open route", "ratio", "CPU µs per request, min", "open route", "ratio"],
    );
    for (case, rounds) in cases.iter().zip(rounds) {
        let of = |value: fn(&Round) -> f64| Samples::new(rounds.iter().map(value).collect());
        let ratios = of(|round| round.own.load.requests_per_second / round.open.load.requests_per_second);
        let (own, open) = (of(|round| round.own.micros).min(), of(|round| round.open.micros).min());
        table.row(&[
            case.name.to_owned(),
            thousands(of(|round| round.own.load.requests_per_second).median()),
            thousands(of(|round| round.open.load.requests_per_second).median()),
            format!("{:.2}", ratios.median()),
            format!("{own:.1}"),
            format!("{open:.1}"),
            format!("{:.2}", open / own),
        ]);
    }
    table.print();
}
