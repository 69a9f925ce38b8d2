//! Request guards as parameters of a check: managed state of every form, and custom guards with and without a
//! lifetime.
#![deny(warnings)]

use std::net::IpAddr;
use std::sync::{Arc, RwLock};

use jwt_auth::{Auth, BearerToken, Claims, JwtAuth, MaybeAuth, policy, require_auth};
use rocket::http::{CookieJar, Method};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{State, get};
use serde::{Deserialize, Serialize};

#[derive(Claims, Clone, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

trait Db: Send + Sync {
    fn owns(&self, user: u64, id: u64) -> bool;
}

struct ApiVersion<'r>(&'r str);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ApiVersion<'r> {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self(request.headers().get_one("Api-Version").unwrap_or("1")))
    }
}

#[require_auth(User, check = |user, id: u64, db: &State<Box<dyn Db>>| db.owns(user.id, id))]
#[get("/object/<id>")]
fn object(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, ids: &State<Arc<RwLock<Vec<u64>>>>| {
    ids.read().is_ok_and(|ids| ids.contains(&user.id))
})]
#[get("/lock")]
fn lock() {}

#[require_auth(User, check = |_, version: ApiVersion<'_>, ip: Option<IpAddr>| version.0 == "2" || ip.is_some())]
#[get("/own")]
fn own(version: ApiVersion<'_>) -> String {
    version.0.to_owned()
}

#[require_auth(User, check = |user, jar: &CookieJar<'_>, method: Method| jar.get("id").is_none() && method == Method::Get && user.id == 7)]
#[get("/rocket")]
fn rockets() {}

#[require_auth(User, check = |_, auth: Auth<User>, token: BearerToken<'_>, toolkit: &JwtAuth| {
    toolkit.verify::<User>(token.as_str()).is_ok_and(|user| user.token_id() == auth.token_id())
})]
#[get("/ours")]
fn ours() {}

#[require_auth(User, check = |user, id: Result<ApiVersion<'_>, &'static str>| id.is_ok() && user.id == 7)]
#[get("/failing")]
fn failing() {}

#[policy(User, check = async |user, db: &State<Box<dyn Db>>, other: MaybeAuth<User>| {
    std::future::ready(db.owns(user.id, other.as_ref().map_or(0, |other| other.id))).await
})]
struct OwnsThemselves;

#[require_auth(policy = OwnsThemselves)]
#[get("/policy")]
fn by_policy() {}

#[test]
fn checks_can_take_guards() {
    assert_eq!(jwt_auth::routes![object, lock, own, rockets, ours, failing, by_policy].len(), 7);
}
