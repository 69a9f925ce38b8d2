//! Request guards: which requests they accept, and how often they verify a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jwt_auth::clock::{Clock, SystemClock, Timestamp};
use jwt_auth::store::MemoryStore;
use jwt_auth::{Auth, BearerToken, JwtAuth, require_auth};
use jwt_auth_tests::{Setup, User, access_token, user};
use rocket::get;
use rocket::http::Status;

use crate::app::{auth, client, client_of, get, login_as};

#[test]
fn a_valid_token_opens_the_routes_that_it_permits() {
    let client = client(&Setup::memory());
    let user = user("alice").role("admin").scope("posts:read posts:write");
    let token = login_as(&client, &user).access_token;
    for (path, expected) in [
        ("/me", "alice"),
        ("/maybe", "alice"),
        ("/bearer", token.as_str()),
        ("/admin", "admin"),
        ("/write", "write"),
        ("/ranked", "alice"),
    ] {
        let response = get(&client, path, &[format!("Bearer {token}")]);
        assert_eq!(response.status(), Status::Ok, "{path}");
        assert_eq!(response.headers().get_one("WWW-Authenticate"), None, "{path}");
        assert_eq!(response.into_string().as_deref(), Some(expected), "{path}");
    }
}

#[test]
fn the_scheme_is_case_insensitive() {
    let client = client(&Setup::memory());
    let token = login_as(&client, &user("alice")).access_token;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "] {
        let response = get(&client, "/me", &[format!("{scheme} {token}")]);
        assert_eq!(response.status(), Status::Ok, "{scheme:?}");
    }
}

#[test]
fn maybe_auth_accepts_requests_without_a_token() {
    let client = client(&Setup::memory());
    for authorization in [vec![], vec!["Basic YTpi".to_owned()]] {
        let response = get(&client, "/maybe", &authorization);
        assert_eq!(response.status(), Status::Ok);
        assert_eq!(response.headers().get_one("WWW-Authenticate"), None);
        assert_eq!(response.into_string().as_deref(), Some("anonymous"));
    }
}

#[test]
fn tokens_outside_the_header_are_ignored() {
    let client = client(&Setup::memory());
    let token = login_as(&client, &user("alice")).access_token;
    let query = client.get(format!("/me?access_token={token}")).dispatch();
    assert_eq!(query.status(), Status::Unauthorized);
    let cookie = client.get("/me").cookie(("access_token", token)).dispatch();
    assert_eq!(cookie.status(), Status::Unauthorized);
}

#[test]
fn requests_are_rejected_before_the_body_is_read() {
    let client = client(&Setup::memory());
    let token = login_as(&client, &user("alice")).access_token;
    // The body is not UTF-8, so reading it would result in a 400.
    let refused = client.post("/number").body([0xFF]).dispatch();
    assert_eq!(refused.status(), Status::Unauthorized);
    let refused = client.post("/number").header(bearer(&token)).body([0xFF]).dispatch();
    assert_eq!(refused.status(), Status::Forbidden);
    let admin = login_as(&client, &user("root").role("admin")).access_token;
    let read = client.post("/number").header(bearer(&admin)).body([0xFF]).dispatch();
    assert_eq!(read.status(), Status::BadRequest);
}

#[test]
fn a_token_without_a_session_is_valid_until_it_expires() {
    let setup = Setup::memory();
    let client = client(&setup);
    let token = access_token(auth(&client), &user("alice"));
    let claims = auth(&client).verify::<User>(&token).expect("a valid token");
    assert_eq!(claims.session_id(), None);
    let refused =
        rocket::async_test(auth(&client).check_session(&claims)).expect_err("there is no session to check");
    assert_eq!(refused.description(), "The access token belongs to no session.");
    assert_eq!(claims.expires_at().since(claims.issued_at()).as_secs(), 15 * 60);

    let header = [format!("Bearer {token}")];
    assert_eq!(get(&client, "/me", &header).status(), Status::Ok);
    // The default of `leeway` is ten seconds.
    setup.advance(15 * 60 + 9);
    assert_eq!(get(&client, "/me", &header).status(), Status::Ok);
    setup.advance(1);
    assert_eq!(get(&client, "/me", &header).status(), Status::Unauthorized);
}

#[require_auth(User, strict)]
#[get("/strict")]
fn strict() {}

#[test]
fn a_strict_route_requires_a_token_with_a_session() {
    let rocket = Setup::memory().rocket().mount("/", jwt_auth::routes![strict]);
    let client = client_of(rocket.register("/", jwt_auth::catchers()));
    let of_a_program = access_token(auth(&client), &user("alice").role("admin"));
    let refused = get(&client, "/strict", &[format!("Bearer {of_a_program}")]);
    // Another token with the same claims would be accepted, so this is not a 403.
    assert_eq!(refused.status(), Status::Unauthorized);
    let challenge = refused.headers().get_one("WWW-Authenticate").expect("a challenge");
    assert_eq!(
        challenge,
        r#"Bearer realm="api", error="invalid_token", error_description="The access token belongs to no session.""#
    );
    let of_a_login = login_as(&client, &user("alice")).access_token;
    assert_eq!(get(&client, "/strict", &[format!("Bearer {of_a_login}")]).status(), Status::Ok);
}

/// A handler that takes the same claims several times.
#[require_auth]
#[get("/all")]
fn all(one: Auth<User>, two: Auth<User>, three: &User, _four: BearerToken<'_>) -> String {
    [&one.name, &two.name, &three.name].map(String::as_str).join(" ")
}

#[require_auth]
#[get("/one")]
fn one(user: Auth<User>) -> String {
    user.name.clone()
}

/// Counts verifications, because each of them reads the clock once.
#[derive(Clone, Default)]
struct CountingClock(Arc<AtomicUsize>);

impl Clock for CountingClock {
    fn now(&self) -> Timestamp {
        self.0.fetch_add(1, Ordering::SeqCst);
        SystemClock::new().now()
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn a_token_is_verified_once_per_request_regardless_of_the_number_of_guards() {
    let clock = CountingClock::default();
    let fairing = JwtAuth::fairing().clock(clock.clone()).store(MemoryStore::new());
    let client = client_of(Setup::memory().attach(fairing).mount("/", jwt_auth::routes![all, one]));
    let header = [format!("Bearer {}", login_as(&client, &user("alice")).access_token)];

    let checks = |path: &'static str, expected: &str| {
        let before = clock.0.load(Ordering::SeqCst);
        assert_eq!(get(&client, path, &header).into_string().as_deref(), Some(expected));
        clock.0.load(Ordering::SeqCst) - before
    };
    assert_eq!(checks("/one", "alice"), 1);
    assert_eq!(checks("/all", "alice alice alice"), 1);
}

fn bearer(token: &str) -> rocket::http::Header<'static> {
    rocket::http::Header::new("Authorization", format!("Bearer {token}"))
}
