//! Every rejection (RFC 6750, section 3; RFC 9110, section 11.6.1), combined with every kind of catcher that an app can
//! have.

use jwt_auth_tests::{Setup, User, user};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::serde::json::Value;
use rocket::{Request, catch, catchers};

use crate::app::{auth, client, client_of, get, login_as, mount};

/// A request and the expected rejection.
struct Case {
    what: &'static str,
    path: &'static str,
    authorization: Vec<String>,
    status: u16,
    challenge: &'static str,
    error: &'static str,
}

const NO_TOKEN: &str = r#"Bearer realm="api""#;
const BAD: &str =
    r#"Bearer realm="api", error="invalid_token", error_description="The access token is not valid.""#;
const EXPIRED: &str =
    r#"Bearer realm="api", error="invalid_token", error_description="The access token has expired.""#;
const REVOKED: &str =
    r#"Bearer realm="api", error="invalid_token", error_description="The access token was revoked.""#;
const MALFORMED: &str = r#"Bearer realm="api", error="invalid_request", error_description="The Authorization header must contain exactly one bearer token.""#;
const NO_ROLE: &str = r#"Bearer realm="api", error="insufficient_scope", error_description="The access token does not permit this.""#;
const NO_SCOPE: &str = r#"Bearer realm="api", error="insufficient_scope", error_description="The access token does not permit this.", scope="posts:write""#;

#[rustfmt::skip]
fn cases(client: &Client, setup: &Setup) -> Vec<Case> {
    let expired = login_as(client, &user("alice")).access_token;
    setup.advance(15 * 60 + 10);
    let revoked = login_as(client, &user("alice"));
    rocket::async_test(auth(client).invalidate_refresh_token(&revoked.refresh_token)).expect("a logout");
    let pair = login_as(client, &user("alice"));
    let (valid, refresh) = (pair.access_token, pair.refresh_token);
    let forged = valid.replace('.', "A.");

    let one = |value: &str| vec![value.to_owned()];
    let bearer = |token: &str| vec![format!("Bearer {token}")];
    let two = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    let case = |what, path, authorization, status, challenge, error| Case { what, path, authorization, status, challenge, error };
    vec![
        case("no header",                 "/me",    vec![],                               401, NO_TOKEN,  "unauthorized"),
        case("another scheme",            "/me",    one("Basic YTpi"),                    401, NO_TOKEN,  "unauthorized"),
        case("no space after the scheme", "/me",    one(&format!("Bearer{valid}")),       401, NO_TOKEN,  "unauthorized"),
        case("no header, a role needed",  "/admin", vec![],                               401, NO_TOKEN,  "unauthorized"),
        case("no header, lower rank",     "/ranked", vec![],                              401, NO_TOKEN,  "unauthorized"),
        case("not a token",               "/me",    bearer("garbage"),                    401, BAD,       "invalid_token"),
        case("forged",                    "/me",    bearer(&forged),                      401, BAD,       "invalid_token"),
        case("forged, a role needed",     "/admin", bearer(&forged),                      401, BAD,       "invalid_token"),
        case("forged, lower rank",        "/ranked", bearer(&forged),                     401, BAD,       "invalid_token"),
        case("forged, optional token",    "/maybe", bearer(&forged),                      401, BAD,       "invalid_token"),
        case("a refresh token",           "/me",    bearer(&refresh),                     401, BAD,       "invalid_token"),
        case("expired",                   "/me",    bearer(&expired),                     401, EXPIRED,   "invalid_token"),
        case("expired, optional token",   "/maybe", bearer(&expired),                     401, EXPIRED,   "invalid_token"),
        case("logged out",                "/me",    bearer(&revoked.access_token),        401, REVOKED,   "invalid_token"),
        case("only the scheme",            "/me",    one("Bearer"),                        401, NO_TOKEN,  "unauthorized"),
        case("the scheme and a space",    "/me",    one("Bearer "),                       401, NO_TOKEN,  "unauthorized"),
        case("two tokens in one header",  "/me",    bearer(&format!("{valid} {valid}")),  400, MALFORMED, "invalid_request"),
        case("joined with a comma",       "/me",    bearer(&format!("{valid}, Bearer {valid}")), 400, MALFORMED, "invalid_request"),
        case("in quotes",                 "/me",    bearer(&format!("\"{valid}\"")),      400, MALFORMED, "invalid_request"),
        case("not ASCII",                 "/me",    bearer("é"),                          400, MALFORMED, "invalid_request"),
        case("malformed, optional token", "/maybe", one("Bearer =="),                       400, MALFORMED, "invalid_request"),
        case("two headers",               "/me",    two(&format!("Bearer {valid}"), &format!("Bearer {valid}")), 400, MALFORMED, "invalid_request"),
        case("valid first, invalid second", "/me",  two(&format!("Bearer {valid}"), "Bearer bad"), 400, MALFORMED, "invalid_request"),
        case("another scheme, too",        "/me",    two("Basic YTpi", &format!("Bearer {valid}")), 400, MALFORMED, "invalid_request"),
        case("two, optional token",       "/maybe", two("Basic YTpi", "Basic YTpi"),      400, MALFORMED, "invalid_request"),
        case("role not held",             "/admin", bearer(&valid),                       403, NO_ROLE,   "insufficient_scope"),
        case("scope not held",            "/write", bearer(&valid),                       403, NO_SCOPE,  "insufficient_scope"),
    ]
}

#[catch(401)]
fn page() -> &'static str {
    "Please sign in."
}

#[catch(default)]
fn any(status: Status, _: &Request<'_>) -> String {
    status.to_string()
}

#[test]
fn every_rejection_has_the_same_status_and_challenge_with_every_catcher() {
    for (kind, register) in [
        ("no catchers", None),
        ("the JSON catchers", Some(jwt_auth::catchers().into())),
        ("the app's own catchers", Some(catchers![page, any])),
    ] {
        let setup = Setup::memory();
        let rocket = mount(setup.rocket());
        let client = client_of(match register {
            Some(catchers) => rocket.register("/", catchers),
            None => rocket,
        });
        for case in cases(&client, &setup) {
            let response = get(&client, case.path, &case.authorization);
            let what = format!("{}, with {kind}", case.what);
            assert_eq!(response.status().code, case.status, "{what}");
            let challenges: Vec<_> = response.headers().get("WWW-Authenticate").collect();
            assert_eq!(challenges, [case.challenge], "{what}");
        }
    }
}

#[test]
fn every_rejection_has_a_json_body() {
    let setup = Setup::memory();
    let client = client(&setup);
    for case in cases(&client, &setup) {
        let response = get(&client, case.path, &case.authorization);
        let body: Value = response.into_json().unwrap_or_else(|| panic!("not JSON: {}", case.what));
        assert_eq!(body["error"], case.error, "{}", case.what);
        // The challenge and the body contain the same description, from a fixed list.
        if let Some((_, description)) = case.challenge.split_once("error_description=\"") {
            let description = description.split('"').next();
            assert_eq!(body["error_description"].as_str(), description, "{}", case.what);
        }
    }
}

#[test]
fn an_app_can_respond_with_its_own_page() {
    let client = client_of(mount(Setup::memory().rocket()).register("/", catchers![page]));
    let response = client.get("/me").dispatch();
    assert_eq!(response.headers().get_one("WWW-Authenticate"), Some(NO_TOKEN));
    assert_eq!(response.into_string().as_deref(), Some("Please sign in."));
}

#[test]
fn the_realm_can_be_configured() {
    let client = client(&Setup::memory().with("realm", "the shop's API"));
    let response = client.get("/me").dispatch();
    assert_eq!(response.headers().get_one("WWW-Authenticate"), Some(r#"Bearer realm="the shop's API""#));
}

/// RFC 9110, section 15.5.2. There is no error code, because the request had no access token.
#[test]
fn a_failed_login_or_refresh_has_a_challenge() {
    let client = client(&Setup::memory());
    let alice: User = user("alice");
    let pair = login_as(&client, &alice);
    for (path, body, error) in [
        ("/refresh", "garbage", "invalid_grant"),
        ("/refresh", pair.access_token.as_str(), "invalid_grant"),
        ("/login?name=mallory", "", "invalid_credentials"),
    ] {
        let response = client.post(path).body(body).dispatch();
        assert_eq!(response.status(), Status::Unauthorized, "{path}");
        assert_eq!(response.headers().get_one("WWW-Authenticate"), Some(NO_TOKEN), "{path}");
        assert_eq!(response.into_json::<Value>().expect("JSON")["error"], error, "{path}");
    }
}
