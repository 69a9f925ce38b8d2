//! Events of rejected requests.

use jwt_auth::{Auth, AuthError, Authorized, Denial, InvalidToken, policy, public, require_auth};
use jwt_auth_tests::{Events, Setup, User, access_token, user};
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::{Request, catch, catchers, get};

use crate::app::{auth, client_of, mount};

#[policy(User, role = "editor")]
struct Editor;

/// Shows whether the caller may edit.
#[require_auth]
#[get("/page")]
fn page(user: Auth<User>, editor: Option<Authorized<Editor>>) -> String {
    format!("{} {}", user.name, editor.is_some())
}

/// Decides in the handler.
#[public]
#[get("/decided/<how>")]
fn decided(how: &str) -> Result<(), AuthError> {
    Err(match how {
        "denied" => AuthError::InsufficientScope(Denial::new("the moon is full")),
        "invalid" => InvalidToken::Revoked.into(),
        _ => AuthError::InvalidCredentials,
    })
}

#[require_auth(User, role = "admin")]
#[get("/hidden/<_>")]
fn hidden() {}

/// Looks as if it did not exist.
#[require_auth(User, role = "admin", or_not_found)]
#[get("/secret")]
fn secret() {}

#[catch(404)]
fn not_found(request: &Request<'_>) -> &'static str {
    assert!(AuthError::of(request).is_none());
    "There is no such page."
}

/// Turns a denial into a 404.
#[catch(403)]
fn forbidden() -> (Status, &'static str) {
    (Status::NotFound, "There is no such page.")
}

fn app() -> (Client, Events) {
    let (setup, events) = (Setup::memory(), Events::default());
    let rocket = mount(setup.attach(setup.fairing().observe(events.observer())))
        .mount("/", jwt_auth::routes![page, decided, secret])
        .mount("/quiet", jwt_auth::routes![hidden])
        .register("/", jwt_auth::catchers())
        .register("/", catchers![not_found])
        .register("/quiet", catchers![forbidden]);
    let client = client_of(rocket);
    events.take();
    (client, events)
}

fn get(client: &Client, path: &str, token: Option<&str>) -> Status {
    let mut request = client.get(path.to_owned());
    if let Some(token) = token {
        request.add_header(Header::new("Authorization", format!("Bearer {token}")));
    }
    request.dispatch().status()
}

#[test]
fn a_rejected_request_is_reported_once_with_its_reason() {
    let (client, events) = app();
    let token = access_token(auth(&client), &user("ann"));
    let other = access_token(auth(&client), &user("bob"));
    let signature = |token: &str| token.rfind('.').expect("a token has dots");
    let forged = format!("{}{}", &token[..signature(&token)], &other[signature(&other)..]);
    for (path, token, expected) in [
        ("/me", Some(&*token), &[][..]),
        ("/me", None, &["rejected unauthorized"]),
        ("/me", Some("x"), &["rejected malformed"]),
        ("/me", Some(&*forged), &["rejected bad_signature"]),
        ("/maybe", Some("x"), &["rejected malformed"]),
        ("/maybe", None, &[]),
        ("/admin", Some(&*token), &["denied insufficient_scope"]),
        ("/page", Some(&*token), &[]),
        ("/page", None, &["rejected unauthorized"]),
        ("/decided/denied", None, &["denied insufficient_scope"]),
        ("/decided/invalid", None, &["rejected revoked"]),
        ("/decided/login", None, &["sign_in_refused invalid_credentials"]),
        ("/missing", Some("x"), &[]),
        ("/secret", Some(&*token), &["denied insufficient_scope"]),
        ("/secret", None, &["rejected unauthorized"]),
        ("/quiet/hidden/5", Some(&*token), &["denied insufficient_scope"]),
    ] {
        get(&client, path, token);
        assert_eq!(events.names(), expected, "{path}");
    }
}

#[test]
fn a_denial_names_the_clause_the_route_and_the_caller() {
    let (client, events) = app();
    let token = access_token(auth(&client), &user("ann"));
    assert_eq!(get(&client, "/quiet/hidden/5", Some(&token)), Status::NotFound, "the app's catcher decides");
    let told = events.take();
    assert_eq!(told[0]["clause"], r#"role = "admin""#);
    assert_eq!(told[0]["route"], "GET /quiet/hidden/<_>");
    assert_eq!(told[0]["subject"].as_str().map(str::len), Some(32));
    get(&client, "/me", None);
    assert_eq!(events.take()[0]["route"], "GET /me");
}

#[test]
fn a_refused_refresh_is_reported_once() {
    let (client, events) = app();
    let refused = client.post("/refresh").body("x").dispatch();
    assert_eq!(refused.status(), Status::Unauthorized);
    assert_eq!(events.names(), ["refresh_refused malformed"]);
}
