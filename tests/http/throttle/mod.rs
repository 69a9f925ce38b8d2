//! Limits on attempts to sign in, in a handler.

mod clients;

use std::net::SocketAddr;

use jwt_auth::{AuthError, Credentials, JwtAuth, Throttle, TokenPair, public};
use jwt_auth_tests::{Events, Setup, user};
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::{Build, Rocket, post};
use serde::Deserialize;
use serde_json::json;

use crate::app::client_of;

const HOME: &str = "192.0.2.1";

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

/// Everyone except `missing` has an account, with the password `right`.
async fn check(login: &Login) -> Result<String, AuthError> {
    match (login.name.as_str(), login.password.as_str()) {
        (_, "panic") => panic!("the check has a bug"),
        (_, "broken") => Err(AuthError::Internal("the database is broken".into())),
        ("missing", _) => Err(AuthError::InvalidCredentials),
        (name, "right") => Ok(name.to_owned()),
        _ => Err(AuthError::InvalidCredentials),
    }
}

#[public]
#[post("/login", data = "<login>")]
async fn login(
    throttle: Throttle<'_>,
    login: Credentials<Login>,
    auth: &JwtAuth,
) -> Result<TokenPair, AuthError> {
    let name = throttle.attempt(&login.name, check(&login)).await?;
    auth.generate_tokens(&user(&name)).await
}

/// Checks a second factor, which is always wrong.
#[public]
#[post("/code/<name>")]
async fn code(throttle: Throttle<'_>, name: &str) -> Result<(), AuthError> {
    throttle.kind("code").attempt(name, async { Err(AuthError::InvalidCredentials) }).await
}

struct App {
    client: Client,
    setup: Setup,
    events: Events,
}

impl App {
    fn new(setup: Setup) -> Self {
        let events = Events::default();
        let rocket = setup.attach(setup.fairing().observe(events.observer()));
        Self { client: client_of(mount(rocket)), setup, events }
    }

    fn default() -> Self {
        Self::new(Setup::memory())
    }

    fn send(&self, from: &str, headers: &[(&'static str, &str)], body: String) -> LocalResponse<'_> {
        let mut request =
            self.client.post("/login").remote(SocketAddr::new(from.parse().expect("an address"), 5));
        for (name, value) in headers {
            request.add_header(Header::new(*name, (*value).to_owned()));
        }
        request.body(body).dispatch()
    }

    fn attempt(&self, from: &str, name: &str, password: &str) -> LocalResponse<'_> {
        self.send(from, &[], json!({ "name": name, "password": password }).to_string())
    }

    fn status(&self, from: &str, name: &str, password: &str) -> u16 {
        self.attempt(from, name, password).status().code
    }

    fn fail(&self, from: &str, name: &str, times: usize) {
        for _ in 0..times {
            assert_eq!(self.status(from, name, "wrong"), 401);
        }
    }
}

fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
    rocket.mount("/", jwt_auth::routes![login]).register("/", jwt_auth::catchers())
}

fn address(number: u32) -> String {
    std::net::Ipv4Addr::from(0x0a00_0000 + number).to_string()
}

#[test]
fn failed_attempts_on_an_account_are_limited_until_they_become_available_again() {
    let app = App::default();
    app.fail(HOME, "ann", 10);
    let throttled = app.attempt(HOME, "ann", "right");
    assert_eq!(throttled.status(), Status::TooManyRequests);
    assert_eq!(throttled.headers().get_one("Retry-After"), Some("90"));
    assert_eq!(throttled.headers().get_one("WWW-Authenticate"), None);
    assert_eq!(throttled.headers().get_one("Cache-Control"), Some("no-store"));
    let body = throttled.into_string().expect("a body");
    assert_eq!(
        body,
        r#"{"error":"too_many_attempts","error_description":"Too many attempts. Try again later."}"#
    );

    assert_eq!(app.status(HOME, "bob", "right"), 200, "other accounts are not affected");
    assert_eq!(app.status("192.0.2.2", "ann", "right"), 200, "other networks are not affected");
    app.setup.advance(89);
    assert_eq!(app.attempt(HOME, "ann", "right").headers().get_one("Retry-After"), Some("1"));
    app.setup.advance(1);
    assert_eq!(app.status(HOME, "ann", "right"), 200);
    assert_eq!(app.status(HOME, "ann", "right"), 200, "a successful attempt is given back");
}

#[test]
fn an_account_that_does_not_exist_looks_like_any_other() {
    let app = App::default();
    let responses = |name: &str| -> Vec<_> {
        let response = |number: u32| {
            let response = app.attempt(&address(number % 25), name, "wrong");
            let mut headers: Vec<String> =
                response.headers().iter().map(|header| header.to_string()).collect();
            headers.sort();
            (response.status().code, headers, response.into_string())
        };
        (0..100).map(response).collect()
    };
    let (real, missing) = (responses("ann"), responses("missing"));
    assert_eq!(real, missing);
    assert_eq!(real.iter().filter(|(status, ..)| *status == 401).count(), 20);
}

#[test]
fn guesses_from_many_networks_do_not_lock_out_the_owner() {
    let app = App::default();
    assert_eq!(app.status(HOME, "ann", "right"), 200);
    let guesses: Vec<u16> = (0..500).map(|number| app.status(&address(number), "ann", "wrong")).collect();
    assert_eq!(guesses.iter().filter(|status| **status == 401).count(), 20);
    assert_eq!(guesses.iter().filter(|status| **status == 429).count(), 480);
    assert_eq!(app.status(HOME, "ann", "right"), 200);
    app.fail(HOME, "ann", 9);
    assert_eq!(app.status(HOME, "ann", "right"), 200, "the owner may mistype the password");

    let abroad = app.attempt("198.51.100.1", "ann", "right");
    assert_eq!(abroad.status(), Status::TooManyRequests);
    assert_eq!(abroad.headers().get_one("Retry-After"), Some("180"));
    app.setup.advance(180);
    assert_eq!(app.status("198.51.100.1", "ann", "right"), 200);
    assert_eq!(app.status("198.51.100.1", "ann", "right"), 200, "the new place is known now");
}

#[test]
fn spellings_of_a_name_share_its_budget() {
    let app = App::default();
    for name in ["ann", "ANN", " ann", "a\u{301}nn", "ann\u{200b}"] {
        app.fail(HOME, name, 2);
    }
    assert_eq!(app.status(HOME, "ann", "right"), 429);
}

#[test]
fn an_attempt_that_fails_for_another_reason_does_not_count() {
    let app = App::default();
    for _ in 0..30 {
        assert_eq!(app.status(HOME, "ann", "broken"), 500);
    }
    app.fail(HOME, "ann", 10);
}

#[test]
fn each_limit_can_be_turned_off() {
    let off = Setup::memory().with("throttle.network", false);
    let off = off.with("throttle.account", false).with("throttle.new_networks", false);
    App::new(off).fail(HOME, "ann", 300);
    let two = Setup::memory().with("throttle.account", json!({ "attempts": 2, "per": "10s" }));
    let app = App::new(two);
    app.fail(HOME, "ann", 2);
    assert_eq!(app.attempt(HOME, "ann", "right").headers().get_one("Retry-After"), Some("5"));
}

#[test]
fn all_limits_can_be_turned_off_at_once() {
    let app = App::new(Setup::memory().with("throttle", false));
    app.fail(HOME, "ann", 300);
    let open = App::new(Setup::memory().with("throttle.account", false));
    assert_eq!(open.status(HOME, "ann", "right"), 200);
    open.fail(HOME, "ann", 99);
}

#[test]
fn a_user_with_a_similar_name_makes_no_network_known() {
    let app = App::default();
    assert_eq!(app.status(HOME, "\u{e4}nn", "right"), 200);
    for number in 0..20 {
        app.fail(&address(number), "Ann", 1);
    }
    assert_eq!(app.status(HOME, "ann", "right"), 429, "the network is known to another user");
    assert_eq!(app.status(HOME, "\u{e4}nn", "right"), 200);
}

#[test]
fn kinds_of_accounts_count_separately() {
    let setup = Setup::memory().with("throttle.account.attempts", 1);
    let client = client_of(setup.rocket().mount("/", jwt_auth::routes![login, code]));
    let login =
        || client.post("/login").body(r#"{"name":"ann","password":"wrong"}"#).dispatch().status().code;
    let code = || client.post("/code/ann").dispatch().status().code;
    assert_eq!([login(), login(), code(), code()], [401, 429, 401, 429]);
}

#[test]
fn a_panic_counts_as_a_failure() {
    let app = App::default();
    for _ in 0..10 {
        assert_eq!(app.status(HOME, "ann", "panic"), 500);
    }
    assert_eq!(app.status(HOME, "ann", "right"), 429);
}

#[test]
fn problem_details_describe_a_throttled_attempt() {
    let setup = Setup::memory().with("throttle.account.attempts", 1);
    let rocket = setup.rocket().mount("/", jwt_auth::routes![login]);
    let client = client_of(rocket.register("/", jwt_auth::catchers().problem_details()));
    let attempt = || client.post("/login").body(r#"{"name":"ann","password":"wrong"}"#).dispatch();
    assert_eq!(attempt().status(), Status::Unauthorized);
    let throttled = attempt();
    assert_eq!(throttled.headers().get_one("Retry-After"), Some("900"));
    let problem: serde_json::Value = throttled.into_json().expect("JSON");
    assert_eq!(problem["title"], "Too Many Requests");
    assert_eq!((&problem["status"], &problem["error"]), (&json!(429), &json!("too_many_attempts")));
}

#[test]
fn each_throttled_attempt_is_an_event() {
    let app = App::default();
    app.fail(HOME, "ann", 10);
    app.events.take();
    assert_eq!(app.status(HOME, "ann", "right"), 429);
    assert_eq!(app.events.names(), ["throttled account"]);
    for number in 0..15 {
        app.status(&address(number), "ann", "wrong");
    }
    let names = app.events.names();
    assert_eq!(names.iter().filter(|name| *name == "throttled new_networks").count(), 5, "{names:?}");
    for _ in 0..100 {
        app.send(HOME, &[], "{".to_owned());
    }
    assert_eq!(app.events.names().last().map(String::as_str), Some("throttled network"));
}
