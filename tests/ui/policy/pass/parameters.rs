//! Named policies with parameters of every form.
#![deny(warnings)]

use std::borrow::Cow;
use std::path::PathBuf;

use jwt_auth::{Claims, RoutePolicy, policy, require_auth};
use rocket::{State, get};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

mod inner {
    use super::User;

    /// A doc comment.
    #[jwt_auth::policy(User, check = |user, id| user.id == id)]
    #[derive(Clone, Copy, Debug)]
    pub(super) struct Owns {
        /// The id of the owner.
        pub id: u64,
    }

    /// A private type.
    pub(super) mod team {
        #[derive(rocket::FromForm)]
        pub(crate) struct Team {
            pub(crate) id: u64,
        }
    }
}

use inner::Owns as Renamed;

type Alias = inner::Owns;

#[policy(User, any(role = "admin", policy = inner::Owns(id), all(policy = Alias(id), not(policy = Renamed(other)))))]
struct Nested {
    id: u64,
    other: u64,
}

#[policy(User, check = |user, name: &str, title, home| name.len() + title.len() > user.id as usize && home.is_absolute())]
struct Borrowed {
    name: &str,
    title: Cow<'_, str>,
    home: PathBuf,
}

#[policy(User, check = async |user: &User, r#type, team, level: &State<u64>| r#type == Some("x") && team.id > user.id + **level)]
struct Async {
    r#type: Option<&'_ str>,
    team: inner::team::Team,
}

/// The parameters have the names of items that the macros use.
#[policy(User, check = |claims, request: u64, rocket| claims.id == request && rocket)]
struct Names {
    request: u64,
    rocket: bool,
}

#[require_auth(User, policy = Nested(b, a))]
#[get("/nested/<a>/<b>")]
fn nested(a: u64, b: u64) -> String {
    format!("{a} {b}")
}

#[require_auth(policy = Borrowed(a, b, path))]
#[get("/borrowed/<a>/<path..>?<b>")]
fn borrowed<'r>(a: &'r str, b: Cow<'r, str>, path: PathBuf) -> String {
    format!("{a} {b} {}", path.display())
}

#[require_auth(policy = Async(r#type, team))]
#[get("/async?<type>&<team..>")]
fn asynchronous(r#type: Option<&str>, team: inner::team::Team) -> String {
    format!("{:?} {}", r#type, team.id)
}

/// The claims of the policy must be those of the other guard.
#[require_auth(policy = Async(r#type, team))]
#[get("/claims?<type>&<team..>")]
fn with_claims(r#type: Option<&str>, team: inner::team::Team, user: &User) -> String {
    format!("{:?} {} {}", r#type, team.id, user.id)
}

#[require_auth(policy = Names(request, rocket))]
#[get("/names/<request>/<rocket>")]
fn names(request: u64, rocket: bool) -> String {
    format!("{request} {rocket}")
}

macro_rules! owned {
    ($policy:path, $($name:ident at $uri:literal),*) => {$(
        #[require_auth(User, policy = $policy(id))]
        #[get($uri)]
        fn $name(id: u64) -> String {
            id.to_string()
        }
    )*};
}

owned!(inner::Owns, one at "/one/<id>", two at "/two/<id>");

macro_rules! declare {
    ($name:ident, $field:ident: $ty:ty) => {
        #[policy(User, check = |user, $field| user.id == $field)]
        struct $name {
            $field: $ty,
        }
    };
}

declare!(Generated, owner: u64);

#[require_auth(policy = Generated(owner))]
#[get("/generated/<owner>")]
fn generated(owner: u64) -> String {
    owner.to_string()
}

#[test]
fn access_shows_the_arguments() {
    assert_eq!(one::access().to_string(), "policy = inner::Owns(id) { check = |user, id| user.id == id }");
    assert_eq!(
        generated::access().to_string(),
        "policy = Generated(owner) { check = |user, owner| user.id == owner }"
    );
    let routes = jwt_auth::routes![nested, borrowed, asynchronous, with_claims, names, one, two, generated];
    assert_eq!(routes.len(), 8);
}
