//! Routes that ask for a token, beside open routes of the same server: jwt-auth, and what others have for Rocket,
//! axum and actix-web. All check the same token and answer the same eleven bytes.
//!
//! The servers, with one worker each, have the first core; `wrk` the second. Only one of them is asked at a time.

mod server;

use jsonwebtoken::Algorithm::ES256;
use jwt_auth::Claims;
use jwt_auth_tests::Setup;
use jwt_auth_tests::measure::{Load, Samples, Table, load, pin, scaled, thousands};
use rocket::tokio::runtime::Runtime;
use serde::{Deserialize, Serialize};
use server::{Server, build};

const ROUNDS: usize = 11;
const CONNECTIONS: usize = 32;
const ISSUER: &str = "https://auth.example.com";
const AUDIENCE: &str = "api.example.com";
const SECRET: &str = include_str!("secret.txt");

/// What the peers read of the token, beside the claims that are registered.
#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: String,
    username: String,
    roles: Vec<String>,
}

/// A row: a route of a server, and the token that it is sent.
struct Case<'a> {
    name: &'static str,
    server: &'a Server,
    path: &'static str,
    token: Option<&'a str>,
    /// The row that it is a share of.
    open: usize,
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
        auth.create_access_token(&user).expect("it signs")
    };
    let hs256 = token(&names.clone().with("secret", SECRET));
    let es256 = token(&names.key(ES256));
    log::set_max_level(log::LevelFilter::Off);

    let rocket = build("rocket");
    let p256 = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/p256.pem");
    let servers = [
        Server::start(&rocket, &settings("HS256", "secret", SECRET)),
        Server::start(&rocket, &settings("ES256", "private_key", p256)),
        Server::start(&build("axum"), &[]),
        Server::start(&build("actix"), &[]),
    ];
    servers.iter().for_each(|server| pin(server.pid(), 0));
    pin(std::process::id(), 1);
    let [hs, es, axum, actix] = &servers;

    let case = |name, server, path, token, open| Case { name, server, path, token, open };
    let (hs256, es256) = (Some(hs256.as_str()), Some(es256.as_str()));
    let cases = [
        case("Rocket, open", hs, "/open", None, 0),
        case("Rocket, open, sent a token", hs, "/open", hs256, 0),
        case("**jwt-auth**, HS256", hs, "/jwt-auth", hs256, 0),
        case("rocket-jwt-authorization, HS256", hs, "/rocket-jwt-authorization", hs256, 0),
        case("**jwt-auth**, ES256", es, "/jwt-auth", es256, 0),
        case("axum, open", axum, "/open", None, 5),
        case("axum-jwt-auth, HS256", axum, "/axum-jwt-auth", hs256, 5),
        case("actix-web, open", actix, "/open", None, 7),
        case("actix-web with jsonwebtoken, HS256", actix, "/jsonwebtoken", hs256, 7),
    ];
    let mut loads: Vec<Vec<Load>> = cases.iter().map(|_| Vec::new()).collect();
    for _ in 0..scaled(ROUNDS, 1) {
        for (case, loads) in cases.iter().zip(&mut loads) {
            loads.push(case.run());
        }
    }
    print(&cases, &loads);
}

impl Case<'_> {
    fn run(&self) -> Load {
        let header = self.token.map(|token| format!("Authorization: Bearer {token}"));
        let headers: Vec<&str> = header.iter().map(String::as_str).collect();
        load(&self.server.url(self.path), CONNECTIONS, &headers, &[])
    }
}

/// The environment of an app on Rocket with one worker.
fn settings(algorithm: &str, key: &str, value: &str) -> [(&'static str, String); 3] {
    let own = format!(
        r#"{{algorithm="{algorithm}", {key}="{value}", issuer="{ISSUER}", audience="{AUDIENCE}", access_ttl="1d"}}"#
    );
    [("ROCKET_WORKERS", "1".to_owned()), ("ROCKET_LOG_LEVEL", "off".to_owned()), ("ROCKET_JWT_AUTH", own)]
}

fn print(cases: &[Case<'_>], loads: &[Vec<Load>]) {
    let mut table = Table::new(
        "One worker, 32 connections",
        &["route", "requests/s", "of the open route", "median, ms", "99 %, ms"],
    );
    let median = |values: Vec<f64>| Samples::new(values).median();
    for (case, loads_of) in cases.iter().zip(loads) {
        // Of the same round: the machine is not as fast at all times.
        let pairs = loads_of.iter().zip(&loads[case.open]);
        let shares = pairs.map(|(own, open)| own.requests_per_second / open.requests_per_second);
        let of = |value: fn(&Load) -> f64| median(loads_of.iter().map(value).collect());
        table.row(&[
            case.name.to_owned(),
            thousands(of(|load| load.requests_per_second)),
            format!("{:.2}", median(shares.collect())),
            format!("{:.2}", of(|load| load.median_ms)),
            format!("{:.2}", of(|load| load.p99_ms)),
        ]);
    }
    table.print();
}
