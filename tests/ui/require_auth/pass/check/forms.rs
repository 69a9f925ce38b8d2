//! Checks of every form.
#![deny(warnings)]

use std::borrow::Cow;
use std::path::PathBuf;

use jwt_auth::{Auth, AuthError, Claims, JwtAuth, RoutePolicy, require_auth};
use rocket::http::uri::Segments;
use rocket::http::uri::fmt::Path;
use rocket::{State, get, post};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    name: String,
    #[claims(roles)]
    roles: Vec<String>,
}

struct Db;

impl Db {
    async fn owns(&self, user: &User, id: u64) -> Result<bool, std::io::Error> {
        Ok(user.id == id)
    }
}

#[require_auth(User, check = |user| user.id == 7)]
#[get("/claims")]
fn claims() {}

#[require_auth(User, check = |user: &User| user.id == 7)]
#[get("/claims/typed")]
fn claims_typed() {}

#[require_auth(User, check = |User { id, .. }| *id == 7)]
#[get("/claims/apart")]
fn claims_apart() {}

#[require_auth(User, check = |_| true)]
#[get("/claims/unused")]
fn claims_unused() {}

#[require_auth(check = |user, id| user.id == id)]
#[get("/claims/of/<id>")]
fn claims_of_the_parameter(id: u64, user: Auth<User>) -> String {
    format!("{id} {}", user.name)
}

#[require_auth(User, check = |user, id: u64| -> bool { user.id == id })]
#[get("/typed/<id>")]
fn with_return_type(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, mut id: u64| { id += 1; user.id == id })]
#[get("/mutable/<id>")]
fn mutable(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, id| {
    if id == 0 {
        return false;
    }
    let name = user.name.as_str();
    !name.is_empty() && user.id == id
})]
#[get("/block/<id>")]
fn block(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, name: &str| user.name == name)]
#[get("/text/<name>")]
fn text<'r>(name: &'r str) -> &'r str {
    name
}

#[require_auth(User, check = |user, name: Cow<'_, str>, rest| user.name == name && rest.is_none())]
#[get("/cow?<name>&<rest>")]
fn cow<'a>(name: Cow<'a, str>, rest: Option<&'a str>) -> String {
    format!("{name} {rest:?}")
}

#[require_auth(User, check = |user, path: PathBuf| path.starts_with(&user.name))]
#[get("/files/<path..>")]
fn files(path: PathBuf) -> String {
    path.display().to_string()
}

#[require_auth(User, check = |_, segments| segments.len() < 3)]
#[get("/segments/<segments..>")]
fn segments(segments: Segments<'_, Path>) -> String {
    segments.len().to_string()
}

#[require_auth(User, check = |user, r#type: &str| user.name == r#type)]
#[get("/raw/<type>")]
fn raw(r#type: &str) -> &str {
    r#type
}

#[require_auth(User, check = |user, id, db: &State<Db>| db.owns(user, id))]
#[get("/state/<id>")]
fn state(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = async |user, id: u64, db: &State<Db>| db.owns(user, id).await)]
#[get("/state/async/<id>")]
fn async_closure(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = async |user, id: u64, db: &State<Db>| -> Result<bool, std::io::Error> {
    let owned = db.owns(user, id).await?;
    if !owned {
        return Ok(false);
    }
    Ok(!user.name.is_empty())
})]
#[get("/state/async/typed/<id>")]
fn async_with_return_type(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, id, db: &State<Db>, auth: &JwtAuth| async move {
    let _ = auth;
    db.owns(user, id).await
})]
#[get("/state/block/<id>")]
fn async_block(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, id, db| db.owns(user, id))]
#[get("/state/declared/<id>")]
async fn declared<'r>(id: u64, db: &'r State<Db>) -> Result<String, AuthError> {
    let _ = db;
    Ok(id.to_string())
}

fn is_seven(user: &User) -> bool {
    user.id == 7
}

async fn owns_the_first(user: &User, db: &State<Db>) -> Result<bool, std::io::Error> {
    db.owns(user, 1).await
}

#[require_auth(User, check = is_seven, not(check = owns_the_first))]
#[post("/functions", data = "<body>")]
fn functions(body: String) -> String {
    body
}

#[require_auth(User, check = User::is_named)]
#[get("/method")]
fn method() {}

impl User {
    fn is_named(&self) -> bool {
        !self.name.is_empty()
    }
}

#[require_auth(User, any(role = "admin", all(check = |user, id| user.id == id, not(role = "guest"))))]
#[rocket::route(GET, uri = "/nested/<id>")]
fn nested(id: u64) -> String {
    id.to_string()
}

macro_rules! owned {
    ($($name:ident at $uri:literal),* $(,)?) => {$(
        #[require_auth(User, check = |user, id: u64| user.id == id)]
        #[get($uri)]
        fn $name(id: u64) -> String {
            id.to_string()
        }
    )*};
    (with $check:expr, $name:ident) => {
        #[require_auth(User, check = $check)]
        #[get("/owned/with")]
        fn $name() -> &'static str {
            ""
        }
    };
}

owned!(first at "/owned/1/<id>", second at "/owned/2/<id>");
owned! { with |user| user.id == 7, third }
owned!(with is_seven, fourth);

#[test]
fn access_shows_the_source_of_a_check() {
    for (access, expected) in [
        (claims::access(), "check = |user| user.id == 7"),
        (claims_typed::access(), "check = |user: &User| user.id == 7"),
        (claims_apart::access(), "check = |User { id, .. }| *id == 7"),
        (raw::access(), "check = |user, r#type: &str| user.name == r#type"),
        (state::access(), "check = |user, id, db: &State<Db>| db.owns(user, id)"),
        (functions::access(), "all(check = is_seven, not(check = owns_the_first))"),
        (
            nested::access(),
            "any(role = \"admin\", all(check = |user, id| user.id == id, not(role = \"guest\")))",
        ),
        (first::access(), "check = |user, id: u64| user.id == id"),
        (third::access(), "check = |user| user.id == 7"),
    ] {
        assert_eq!(access.to_string(), expected);
    }
}
