//! Rejected requests: whether a million of them leave anything behind in memory, and whether the time of a rejection
//! reveals its reason.

use std::alloc::System;
use std::time::Instant;

use cap::Cap;
use jsonwebtoken::Algorithm::HS256;
use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::measure::{Samples, Table, scaled, thousands};
use jwt_auth_tests::{Forge, Setup, User, refresh, user};
use log::LevelFilter;
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::{get, post};
use serde_json::json;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// The memory that a million requests may leave behind. Requests leave nothing, but lists of the runtime may grow once.
const KEPT: usize = 64 * 1024;

#[require_auth(User, role = "admin")]
#[get("/admin")]
fn admin(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh_route(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    refresh(auth, token).await
}

fn main() {
    // A token that is valid, but not permitted, would be cached, up to the limit of the cache.
    let setup = Setup::memory().with("issuer", "us").with("audience", "api").with("token_cache", "0B");
    let rocket = setup.rocket().mount("/", jwt_auth::routes![admin, refresh_route]);
    let client = Client::untracked(rocket.register("/", jwt_auth::catchers())).expect("the app launches");
    log::set_max_level(LevelFilter::Off);
    memory(&client);
    time(&client, &setup);
}

/// An access token, or a refresh token.
enum Token {
    Access(String),
    Refresh(String),
}

type Kind = (&'static str, fn(&Forge, &Forge, usize) -> Token);

/// No token is sent twice, because the app could keep something for each one.
#[rustfmt::skip]
const KINDS: [Kind; 9] = [
    ("garbage",            |_, _, n| Token::Access(format!("garbage-{n}"))),
    ("unsigned",           |access, _, n| Token::Access(access.clone().claim("sub", json!(n.to_string())).with_signature(b""))),
    ("forged",             |access, _, n| Token::Access(access.clone().claim("jti", json!(n)).with_signature(&[7; 32]))),
    ("another kid",        |access, _, n| Token::Access(access.clone().header("kid", json!(n.to_string())).token())),
    ("expired",            |access, _, _| Token::Access(access.clone().claim("jti", json!(Uuid::new_v4())).claim("exp", json!(1)).token())),
    ("not permitted",      |access, _, n| Token::Access(access.clone().claim("sub", json!(n.to_string())).claim("jti", json!(Uuid::new_v4())).token())),
    ("too long",           |_, _, n| Token::Access(format!("{n}{}", "A".repeat(9_000)))),
    ("a forged refresh",   |_, refresh, _| Token::Refresh(refresh.clone().claim("sid", json!(Uuid::new_v4())).with_signature(&[7; 32]))),
    ("no session",          |_, refresh, n| Token::Refresh(refresh.clone().claim("sub", json!(n.to_string())).claim("sid", json!(Uuid::new_v4())).token())),
];

fn memory(client: &Client) {
    let pair = rocket::async_test(auth(client).generate_tokens(&user("alice")).into_future());
    let refresh = Forge::like(&pair.expect("a login").refresh_token, HS256);
    let access = Forge::new(HS256);
    let requests = scaled(1_000_000, 4_500);
    let send = |from: usize, count: usize| {
        for n in from..from + count {
            let (name, make) = KINDS[n % KINDS.len()];
            let request = match make(&access, &refresh, n) {
                Token::Access(token) => {
                    client.get("/admin").header(Header::new("Authorization", format!("Bearer {token}")))
                }
                Token::Refresh(token) => client.post("/refresh").body(token),
            };
            let expected = if name == "not permitted" { Status::Forbidden } else { Status::Unauthorized };
            assert_eq!(request.dispatch().status(), expected, "{name}");
        }
    };
    send(0, requests / 10);
    let (before, begin) = (ALLOCATOR.allocated(), Instant::now());
    send(requests, requests);
    let kept = ALLOCATOR.allocated().saturating_sub(before);
    let mut table = Table::new(
        "Rejected requests of nine kinds",
        &["requests", "bytes kept", "µs each, including the forgery"],
    );
    let each = begin.elapsed().as_micros() as f64 / requests as f64;
    table.row(&[thousands(requests as f64), thousands(kept as f64), format!("{each:.1}")]);
    table.print();
    assert!(kept < KEPT, "{requests} rejected requests left {kept} bytes in memory");
}

/// Times rejected refreshes. An attacker has no key and can only send forged tokens, so their times must not reveal
/// whether a user or a session exists.
fn time(client: &Client, setup: &Setup) {
    let auth = auth(client);
    let login = |name: &str| {
        let pair = rocket::async_test(auth.generate_tokens(&user(name)).into_future());
        pair.expect("a login").refresh_token
    };
    let (live, ended) = (login("alice"), login("bob"));
    rocket::async_test(auth.invalidate_refresh_token(&ended)).expect("a logout");
    let forge = |token: &str| Forge::like(token, HS256);
    let forged = |token: &str| forge(token).with_signature(&[7; 32]);
    let unknown = forge(&live).claim("sub", json!("unknown")).claim("sid", json!(Uuid::new_v4()));
    setup.advance(1);
    let tokens = [
        ("forged, for a live session", forged(&live)),
        ("forged, for an ended session", forged(&ended)),
        ("forged, for an unknown user", unknown.with_signature(&[7; 32])),
        ("signed, for an ended session", ended.clone()),
        ("signed, for an unknown user", unknown.token()),
    ];

    let mut samples = vec![Vec::new(); tokens.len()];
    rocket::async_test(async {
        for round in 0..scaled(20_000, 50) {
            // Five is prime, so with steps from 1 to 4, every token follows every other token equally often.
            let step = 1 + round % (tokens.len() - 1);
            for n in (0..tokens.len()).map(|n| (n * step + round) % tokens.len()) {
                let begin = Instant::now();
                assert!(refresh(auth, &tokens[n].1).await.is_err(), "{}", tokens[n].0);
                samples[n].push(begin.elapsed().as_nanos() as f64);
            }
        }
    });
    let mut table = Table::new("Rejected refreshes, in memory", &["token", "median, ns", "min, ns"]);
    for ((name, _), samples) in tokens.iter().zip(samples.into_iter().map(Samples::new)) {
        table.row(&[(*name).to_owned(), thousands(samples.median()), thousands(samples.min())]);
    }
    table.print();
}

fn auth(client: &Client) -> &JwtAuth {
    client.rocket().state().expect("the fairing is attached")
}
