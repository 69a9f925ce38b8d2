//! Sends any `Authorization` header, or several of them, to a protected, an optional and a public route. A second
//! implementation of the contract determines the expected response.
//!
//! Each line of a seed is the value of a header. An empty seed is a request without the header.

#![no_main]

use std::sync::LazyLock;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::{Auth, MaybeAuth, public, require_auth};
use jwt_auth_fuzz::{User, app, block_on, clock, settings};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use regex_lite::Regex;
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use serde_json::Value;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let values: Vec<&str> = text.split_terminator('\n').collect();
    let sent = Sent::of(&values);
    for (path, to_anonymous, to_alice) in ROUTES {
        let expected = match sent {
            Sent::Nothing => to_anonymous,
            Sent::Token(token) if token == *VALID => to_alice,
            Sent::Malformed => (Status::BadRequest, "invalid_request"),
            Sent::Token(_) => (Status::Unauthorized, "invalid_token"),
        };
        assert_eq!(response(path, &values), (expected.0, expected.1.to_owned()), "{path} {values:?}");
    }
    assert_eq!(response("/public", &values), (Status::Ok, "public".to_owned()), "{values:?}");
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

/// A status, and the body or its `error`.
type Response = (Status, &'static str);

/// The routes, with the responses to a request without a token and to one with the valid token.
const ROUTES: [(&str, Response, Response); 4] = [
    ("/protected", UNAUTHORIZED, (Status::Ok, "alice")),
    ("/admin", UNAUTHORIZED, (Status::Forbidden, "insufficient_scope")),
    ("/optional", (Status::Ok, "optional"), (Status::Ok, "optional")),
    ("/visitor", (Status::Ok, "anonymous"), (Status::Ok, "alice")),
];
const UNAUTHORIZED: Response = (Status::Unauthorized, "unauthorized");

/// The token in the seeds. It belongs to `alice`, who has no roles.
static VALID: LazyLock<&str> = LazyLock::new(|| {
    include_str!("../seeds/bearer/valid").trim_end().strip_prefix("Bearer ").expect("a seed with a token")
});

/// The credentials in a request (RFC 6750, section 2.1).
enum Sent<'t> {
    Nothing,
    Malformed,
    Token(&'t str),
}

impl<'t> Sent<'t> {
    fn of(values: &[&'t str]) -> Self {
        static SCHEME: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("^(?i:bearer)( |$)").expect("an expression"));
        static TOKEN: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("^[^ ]+ +([A-Za-z0-9._~+/-]+=*)$").expect("an expression"));

        static EMPTY: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("^(?i:bearer) *$").expect("an expression"));

        match values {
            [] => Self::Nothing,
            [value] if EMPTY.is_match(value) => Self::Nothing,
            [value] if !SCHEME.is_match(value) => Self::Nothing,
            [value] => match TOKEN.captures(value).and_then(|parts| parts.get(1)) {
                Some(token) => Self::Token(token.as_str()),
                None => Self::Malformed,
            },
            _ => Self::Malformed,
        }
    }
}

/// Sends a request and returns the response. Only a rejection may have a challenge, and each one must have it.
fn response(path: &'static str, values: &[&str]) -> (Status, String) {
    let mut request = CLIENT.get(path);
    values.iter().for_each(|value| request.add_header(Header::new("Authorization", value.to_string())));
    block_on(async {
        let response = request.dispatch().await;
        let (status, challenges) = (response.status(), response.headers().get("WWW-Authenticate"));
        let challenges: Vec<String> = challenges.map(str::to_owned).collect();
        let body = response.into_string().await.unwrap_or_default();
        if status == Status::Ok {
            assert!(challenges.is_empty(), "{challenges:?}");
            return (status, body);
        }
        let body: Value = serde_json::from_str(&body).expect("a rejection is JSON");
        let error = body["error"].as_str().expect("a rejection has a code").to_owned();
        let [challenge] = &challenges[..] else { panic!("expected one challenge: {challenges:?}") };
        assert!(CHALLENGES.contains(&(&error, challenge)), "{error} {challenge}");
        (status, error)
    })
}

/// All possible challenges of these routes, each with the `error` in the body.
const CHALLENGES: [(&str, &str); 6] = [
    ("unauthorized", r#"Bearer realm="api""#),
    (
        "invalid_request",
        r#"Bearer realm="api", error="invalid_request", error_description="The Authorization header must contain exactly one bearer token.""#,
    ),
    (
        "invalid_token",
        r#"Bearer realm="api", error="invalid_token", error_description="The access token is not valid.""#,
    ),
    (
        "invalid_token",
        r#"Bearer realm="api", error="invalid_token", error_description="The access token is not valid yet.""#,
    ),
    (
        "invalid_token",
        r#"Bearer realm="api", error="invalid_token", error_description="The access token has expired.""#,
    ),
    (
        "insufficient_scope",
        r#"Bearer realm="api", error="insufficient_scope", error_description="The access token does not permit this.""#,
    ),
];

#[require_auth]
#[get("/protected")]
fn protected(user: Auth<User>) -> String {
    user.name.clone()
}

#[require_auth(User, role = "admin")]
#[get("/admin")]
fn admin() {}

#[require_auth(User, optional)]
#[get("/optional")]
fn optional() -> &'static str {
    "optional"
}

#[public]
#[get("/visitor")]
fn visitor(user: MaybeAuth<User>) -> String {
    user.as_ref().map_or("anonymous", |user| &user.name).to_owned()
}

#[public]
#[get("/public")]
fn public_page() -> &'static str {
    "public"
}

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let routes = jwt_auth::routes![protected, admin, optional, visitor, public_page];
    let app = app(&settings(HS256), &clock()).mount("/", routes).register("/", jwt_auth::catchers());
    block_on(Client::untracked(app)).expect("the app launches")
});
