//! Handlers of every form.
#![deny(warnings)]

use jwt_auth::{Auth, AuthError, Authorized, BearerToken, Claims, JwtAuth, RoutePolicy, require_auth};
use rocket::futures::stream::{self, Stream};
use rocket::http::Status;
use rocket::response::Responder;
use rocket::response::stream::{EventStream, TextStream};
use rocket::serde::json::Json;
use rocket::{Data, State, get, post, route};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
pub(crate) struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    role: String,
    #[claims(scope)]
    scope: String,
}

/// A doc comment.
#[require_auth]
#[get("/bare")]
#[allow(clippy::needless_pass_by_value)]
fn bare() {}

#[require_auth]
#[get("/bare/async")]
async fn bare_async() -> &'static str {
    std::future::ready("async").await
}

// The policy of a public handler may name private claims.
#[require_auth(User, role = "admin")]
#[get("/public/<id>?<page>")]
pub fn public_handler(id: u64, page: Option<u8>) -> Result<Status, AuthError> {
    let _ = (id, page);
    Ok(Status::Ok)
}

#[require_auth(User, any(role = "admin", all(scope = "read", scope = "write",)), scope = "a b")]
#[post("/body/<name>", data = "<body>", rank = 2, format = "json")]
pub(crate) async fn body<'r>(name: &'r str, body: Json<&'r str>, user: &User) -> String {
    format!("{name}{}{}", body.into_inner(), user.id)
}

#[require_auth(self::User)]
#[get("/lifetimes/<name>")]
fn lifetimes<'a>(name: &'a str, token: BearerToken<'_>, auth: &JwtAuth, state: &State<u8>) -> &'a str {
    let _ = (token, auth, state);
    name
}

#[require_auth]
#[get("/elided/<name>")]
fn elided(name: &str) -> &str {
    name
}

#[require_auth(role = "admin".to_owned(),)]
#[get("/from/parameter")]
fn from_parameter(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

#[require_auth(User)]
#[get("/impl")]
fn implements<'r>() -> impl Responder<'r, 'static> {
    "responder"
}

#[require_auth]
#[get("/text")]
fn text() -> TextStream![&'static str] {
    TextStream! { yield "a"; }
}

#[require_auth]
#[get("/events")]
async fn events(user: Auth<User>) -> EventStream![] {
    EventStream! { yield rocket::response::stream::Event::data(user.id.to_string()); }
}

#[require_auth]
#[get("/stream")]
fn stream_of() -> TextStream<impl Stream<Item = &'static str>> {
    TextStream(stream::iter(["a"]))
}

#[require_auth]
#[post("/raw", data = "<data>")]
async fn raw(data: Data<'_>) -> std::io::Result<String> {
    Ok(data.open(rocket::data::ByteUnit::B).into_string().await?.into_inner())
}

#[jwt_auth::require_auth]
#[rocket::route(GET, uri = "/route")]
fn by_route() {}

#[require_auth]
#[route(GET, uri = "/raw/identifier")]
fn r#type() {}

mod nested {
    pub mod deeper {
        #[jwt_auth::require_auth(crate::require_auth::pass::handlers::User, scope = "read")]
        #[rocket::get("/nested")]
        pub fn handler() {}
    }
}

#[cfg(any())]
#[require_auth]
#[get("/absent/above")]
fn absent_above(_: Nothing) {}

#[require_auth]
#[cfg(any())]
#[get("/absent/below")]
fn absent_below(_: Nothing) {}

#[require_auth]
#[cfg(any(windows, not(windows)))]
#[cfg_attr(all(), get("/conditional"))]
#[cfg_attr(any(), post("/conditional"))]
fn conditional() {}

#[cfg_attr(all(), require_auth)]
#[get("/attribute/conditional")]
fn conditional_attribute() {}

macro_rules! handler {
    ($name:ident, $claims:ty, $role:expr) => {
        #[require_auth($claims, role = $role)]
        #[get("/macro/<id>")]
        fn $name(id: u64) -> String {
            id.to_string()
        }
    };
}

handler!(by_macro, User, "admin");

// Proof of a handwritten policy.
struct Editor;

impl jwt_auth::Policy for Editor {
    type Claims = User;
    const REQUIREMENT: jwt_auth::Requirement<User> = jwt_auth::Requirement::scope("edit");
}

fn edit(_: &Authorized<Editor>) {}

#[require_auth(User)]
#[get("/proof")]
fn proof(editor: Authorized<Editor>) {
    edit(&editor);
}

// Names in a role are resolved in the user's scope.
#[require_auth(User, role = claims)]
#[get("/hygiene")]
fn hygiene() {}

#[allow(non_upper_case_globals)]
const claims: &str = "claims";

#[test]
fn access_shows_the_policy_and_all_handlers_can_be_mounted() {
    for (access, expected) in [
        (bare::access(), "any valid token"),
        (public_handler::access(), "role = \"admin\""),
        (
            body::access(),
            "all(any(role = \"admin\", all(scope = \"read\", scope = \"write\")), scope = \"a b\")",
        ),
        (nested::deeper::handler::access(), "scope = \"read\""),
        (from_parameter::access(), "role = \"admin\".to_owned()"),
        (hygiene::access(), "role = claims"),
        (by_macro::access(), "role = \"admin\""),
    ] {
        assert_eq!(access.to_string(), expected);
    }
    let routes = jwt_auth::routes![
        bare,
        bare_async,
        public_handler,
        body,
        lifetimes,
        elided,
        from_parameter,
        implements,
        text,
        events,
        stream_of,
        raw,
        by_route,
        r#type,
        nested::deeper::handler,
        conditional,
        conditional_attribute,
        by_macro,
        proof,
        hygiene,
    ];
    assert_eq!(routes.len(), 20);
}
