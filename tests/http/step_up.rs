//! Step-up authentication: routes that require a recent or stronger sign-in (RFC 9470).

use jwt_auth::{Auth, AuthError, JwtAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Log, Setup, User, access_token, payload, refresh, user};
use rocket::local::blocking::Client;
use rocket::serde::json::{Value, json};
use rocket::{get, post};

use crate::app::{auth, client_of, get};

#[require_auth(fresh = "5m")]
#[get("/fresh")]
fn fresh() {}

#[require_auth(acr = "gold silver")]
#[get("/acr")]
fn acr() {}

#[require_auth(User, role = "admin", fresh = "5m", acr = "gold")]
#[get("/all")]
fn all() {}

#[require_auth]
#[get("/sign-in")]
fn sign_in(user: Auth<User>) -> String {
    format!("{:?} {:?}", user.signed_in_at().map(|time| time.as_secs()), user.acr())
}

#[public]
#[post("/login?<acr>")]
async fn login(acr: Option<&str>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    let admin = user("root").role("admin");
    match acr {
        Some(acr) => auth.generate_tokens(&admin).acr(acr).await,
        None => auth.generate_tokens(&admin).await,
    }
}

fn client(setup: &Setup) -> Client {
    let routes = jwt_auth::routes![fresh, acr, all, sign_in, login];
    client_of(setup.rocket().mount("/", routes).register("/", jwt_auth::catchers()))
}

fn tokens(client: &Client, path: &'static str) -> (String, String) {
    let pair: Value = client.post(path).dispatch().into_json().expect("a pair");
    let token = |name: &str| pair[name].as_str().expect("a token").to_owned();
    (token("access_token"), token("refresh_token"))
}

fn status(client: &Client, path: &'static str, token: &str) -> u16 {
    get(client, path, &[format!("Bearer {token}")]).status().code
}

#[test]
fn a_refresh_does_not_make_a_sign_in_recent() {
    let setup = Setup::memory();
    let client = client(&setup);
    let (access, mut refresh_token) = tokens(&client, "/login");
    let signed_in_at = payload(&access)["auth_time"].as_u64().expect("a time");
    assert_eq!(status(&client, "/fresh", &access), 200);

    for minute in 1..=4 {
        setup.advance(60);
        let pair = rocket::async_test(refresh(auth(&client), &refresh_token)).expect("a new pair");
        let claims = payload(&pair.access_token);
        assert_eq!(claims["auth_time"], signed_in_at, "minute {minute}");
        assert_eq!(claims["iat"], signed_in_at + 60 * minute);
        assert_eq!(status(&client, "/fresh", &pair.access_token), 200, "minute {minute}");
        refresh_token = pair.refresh_token;
    }
    setup.advance(61);
    let pair = rocket::async_test(refresh(auth(&client), &refresh_token)).expect("a new pair");
    assert_eq!(status(&client, "/fresh", &pair.access_token), 401, "only the token is new");
    assert_eq!(status(&client, "/fresh", &tokens(&client, "/login").0), 200, "a new login");
}

#[test]
fn a_retried_refresh_returns_the_same_sign_in() {
    let setup = Setup::memory();
    let client = client(&setup);
    let (access, refresh_token) = tokens(&client, "/login?acr=gold");
    let sign_in = |token: &str| (payload(token)["auth_time"].clone(), payload(token)["acr"].clone());
    setup.advance(10);
    for _ in 0..3 {
        let pair = rocket::async_test(refresh(auth(&client), &refresh_token)).expect("the same successor");
        assert_eq!(sign_in(&pair.access_token), sign_in(&access));
    }
    assert_eq!(sign_in(&access).1, "gold");
}

#[test]
fn a_route_can_require_an_authentication_context() {
    let client = client(&Setup::memory());
    for (login, expected) in
        [("/login", 401), ("/login?acr=bronze", 401), ("/login?acr=silver", 200), ("/login?acr=gold", 200)]
    {
        assert_eq!(status(&client, "/acr", &tokens(&client, login).0), expected, "{login}");
    }
}

#[test]
fn the_challenge_describes_the_required_sign_in() {
    let setup = Setup::memory();
    let client = client(&setup);
    let log = Log::capture();
    let refused = |path: &'static str, token: &str| {
        let response = get(&client, path, &[format!("Bearer {token}")]);
        assert_eq!(response.status().code, 401, "{path}");
        let challenge = response.headers().get_one("WWW-Authenticate").map(str::to_owned);
        (challenge.expect("a challenge"), response.into_json::<Value>().expect("JSON"))
    };
    let (old, _) = tokens(&client, "/login");
    setup.advance(301);
    let code = r#"Bearer realm="api", error="insufficient_user_authentication""#;
    let recent = "A more recent sign-in is required.";
    let stronger = "A stronger sign-in is required.";

    let (challenge, body) = refused("/fresh", &old);
    assert_eq!(challenge, format!(r#"{code}, error_description="{recent}", max_age="300""#));
    let error = "insufficient_user_authentication";
    let expected = json!({
        "error": error, "error_description": recent, "max_age": 300, "clause": "fresh = \"5m\"",
    });
    assert_eq!(body, expected);
    let (challenge, _) = refused("/acr", &old);
    assert_eq!(challenge, format!(r#"{code}, error_description="{stronger}", acr_values="gold silver""#));
    let (challenge, body) = refused("/all", &old);
    assert_eq!(
        challenge,
        format!(r#"{code}, error_description="{stronger}", max_age="300", acr_values="gold""#)
    );
    assert_eq!((&body["max_age"], &body["acr_values"]), (&json!(300), &json!("gold")));
    assert!(
        log.text().contains(r#"InsufficientUserAuthentication(StepUp { clause: "fresh = \"5m\"""#),
        "{}",
        log.text()
    );
}

#[test]
fn a_user_who_lacks_the_role_gets_403_instead() {
    let setup = Setup::memory();
    let client = client(&setup);
    let token = crate::app::login_as(&client, &user("alice")).access_token;
    setup.advance(301);
    assert_eq!(status(&client, "/all", &token), 403, "another sign-in would not help");
}

#[test]
fn a_token_without_a_session_has_no_sign_in() {
    let client = client(&Setup::memory());
    let token = access_token(auth(&client), &user("alice"));
    assert_eq!(status(&client, "/fresh", &token), 401);
    let response = get(&client, "/sign-in", &[format!("Bearer {token}")]);
    assert_eq!(response.into_string().as_deref(), Some("None None"));
}
