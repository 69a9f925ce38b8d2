//! The test app, with one route for each kind of access decision.

use jwt_auth::{Auth, AuthError, BearerToken, Jwks, JwtAuth, MaybeAuth, TokenPair, public, require_auth};
use jwt_auth_tests::{Setup, User, user};
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::{Build, Rocket, get, post};

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[get("/maybe")]
fn maybe(user: MaybeAuth<User>) -> String {
    user.as_ref().map_or("anonymous".to_owned(), |user| user.name.clone())
}

#[require_auth]
#[get("/bearer")]
fn bearer(token: BearerToken<'_>) -> String {
    token.as_str().to_owned()
}

#[require_auth(User, role = "admin")]
#[get("/admin")]
fn admin() -> &'static str {
    "admin"
}

#[require_auth(User, scope = "posts:write")]
#[get("/write")]
fn write() -> &'static str {
    "write"
}

#[require_auth(User, role = "admin")]
#[post("/number", data = "<number>")]
fn number(number: &str) -> String {
    number.len().to_string()
}

#[require_auth]
#[get("/ranked", rank = 1)]
fn private(user: Auth<User>) -> String {
    user.name.clone()
}

#[public]
#[get("/ranked", rank = 2)]
fn fallback() -> &'static str {
    "public"
}

#[public]
#[post("/login?<name>")]
async fn login(name: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    match name {
        "mallory" => Err(AuthError::InvalidCredentials),
        _ => auth.generate_tokens(&user(name)).await,
    }
}

#[public]
#[post("/refresh", data = "<token>")]
async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    jwt_auth_tests::refresh(auth, token).await
}

#[public]
#[post("/logout", data = "<token>")]
async fn logout(token: &str, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(token).await?;
    Ok(Status::NoContent)
}

#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

/// Mounts the routes of the test app.
pub(crate) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
    let routes = jwt_auth::routes![
        me, maybe, bearer, admin, write, number, private, fallback, login, refresh, logout, jwks
    ];
    rocket.mount("/", routes)
}

/// Launches the test app and returns a client.
pub(crate) fn client(setup: &Setup) -> Client {
    client_of(mount(setup.rocket()).register("/", jwt_auth::catchers()))
}

pub(crate) fn client_of(rocket: Rocket<Build>) -> Client {
    Client::untracked(rocket).expect("the app launches")
}

/// Returns the `JwtAuth` of a client's app.
pub(crate) fn auth(client: &Client) -> &JwtAuth {
    client.rocket().state().expect("the fairing is attached")
}

/// Sends a request with these `Authorization` headers.
pub(crate) fn get<'c>(client: &'c Client, path: &'c str, authorization: &[String]) -> LocalResponse<'c> {
    let mut request = client.get(path);
    for value in authorization {
        request.add_header(Header::new("Authorization", value.clone()));
    }
    request.dispatch()
}

/// Signs a user in without a request.
pub(crate) fn login_as(client: &Client, user: &User) -> TokenPair {
    rocket::async_test(async { auth(client).generate_tokens(user).await }).expect("a login")
}
