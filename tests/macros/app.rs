//! The claims and the app of these tests.

use jwt_auth::{Claims, JwtAuth};
use jwt_auth_tests::access_token;
use rocket::figment::providers::Serialized;
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalRequest};
use rocket::{Build, Rocket, Route};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
pub(crate) struct User {
    #[claims(subject)]
    pub(crate) id: u64,
    #[claims(roles)]
    pub(crate) roles: Vec<Role>,
    #[claims(scope)]
    pub(crate) scope: String,
}

#[derive(PartialEq, Serialize, Deserialize)]
pub(crate) enum Role {
    Admin,
    Editor,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = user.id)]
pub(crate) struct Nested {
    pub(crate) user: Account,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: u64,
    pub(crate) username: String,
    pub(crate) admin: bool,
}

#[derive(Claims, Serialize, Deserialize)]
pub(crate) struct Generic<T> {
    #[claims(subject)]
    pub(crate) id: T,
    #[claims(roles)]
    pub(crate) role: Option<String>,
}

pub(crate) fn user(roles: impl Into<Vec<Role>>, scope: &str) -> User {
    User { id: 7, roles: roles.into(), scope: scope.to_owned() }
}

pub(crate) fn rocket() -> Rocket<Build> {
    let secret = Serialized::default("jwt_auth.secret", "0123456789abcdef0123456789abcdef");
    let figment = rocket::Config::figment().merge(("log_level", "off")).merge(secret);
    rocket::custom(figment).attach(JwtAuth::fairing())
}

pub(crate) fn client(routes: Vec<Route>) -> Client {
    Client::untracked(rocket().mount("/", routes)).expect("the app launches")
}

pub(crate) fn with_token<'c, C: Claims>(request: LocalRequest<'c>, claims: &C) -> LocalRequest<'c> {
    let auth: &JwtAuth = request.inner().rocket().state().expect("the fairing is attached");
    let token = access_token(auth, claims);
    request.header(Header::new("Authorization", format!("Bearer {token}")))
}

pub(crate) fn get<C: Claims>(client: &Client, path: &'static str, claims: &C) -> (Status, Option<String>) {
    let response = with_token(client.get(path), claims).dispatch();
    (response.status(), response.into_string())
}
