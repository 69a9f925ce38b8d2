//! The clause `check`: what a check can take, when it is evaluated, and what happens if it fails to decide.

mod invalid_parameters;
mod with_guards;
mod with_state;

use std::path::PathBuf;

use jwt_auth::require_auth;
use rocket::get;
use rocket::http::Status;
use rocket::local::blocking::Client;

use crate::app::{Role, User, client, get, rocket, user, with_token};

#[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
#[get("/users/<id>")]
fn own(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, id| user.id == id)]
#[get("/users/<_>/of/<id>")]
fn by_position(id: u64) {
    let _ = id;
}

#[require_auth(User, check = |user, name: &str| user.scope == name)]
#[get("/names/<name>")]
fn by_text(name: &str) -> &str {
    name
}

#[require_auth(User, check = |user, path| path.starts_with(&user.scope))]
#[get("/files/<path..>")]
fn by_path(path: PathBuf) -> String {
    path.display().to_string()
}

#[require_auth(User, check = |user, owner: Option<u64>| owner.is_none_or(|owner| owner == user.id))]
#[get("/search?<owner>")]
fn by_query(owner: Option<u64>) -> String {
    format!("{owner:?}")
}

#[require_auth(User, check = |user, owner| user.id == owner)]
#[get("/fixed?owner=1&<owner>")]
fn by_query_with_fixed(owner: u64) -> String {
    owner.to_string()
}

#[derive(rocket::FromForm)]
struct Filter {
    owner: u64,
    tag: Option<String>,
}

#[require_auth(User, check = |user, filter| user.id == filter.owner && filter.tag.is_none())]
#[get("/filter?<tag>&<filter..>")]
fn by_rest(tag: String, filter: Filter) -> String {
    format!("{tag} {} {:?}", filter.owner, filter.tag)
}

#[require_auth(User, check = |user| user.id == 7)]
#[get("/claims")]
fn by_claims() {}

fn is_seven(user: &User) -> bool {
    user.id == 7
}

#[require_auth(User, check = is_seven)]
#[get("/function")]
fn by_function() {}

mod functions {
    pub(crate) async fn is_seven(user: &super::User) -> Result<bool, std::io::Error> {
        rocket::tokio::task::yield_now().await;
        Ok(user.id == 7)
    }
}

#[require_auth(User, check = functions::is_seven)]
#[get("/function/async")]
fn by_async_function() {}

#[test]
fn checks_use_the_parameters_of_the_route() {
    let routes = || {
        jwt_auth::routes![
            own,
            by_position,
            by_text,
            by_path,
            by_query,
            by_query_with_fixed,
            by_rest,
            by_claims,
            by_function,
            by_async_function,
        ]
    };
    // Positions in the path are relative to the mount point.
    let client = Client::untracked(rocket().mount("/", routes()).mount("/api/v1", routes()))
        .expect("the app launches");
    let other = User { id: 8, ..user([], "docs") };
    for (path, of_seven, of_eight) in [
        ("/users/7", 200, 403),
        ("/users/8", 403, 200),
        ("/users//7", 200, 403),
        ("/users/8/of/7", 200, 403),
        ("/names/docs", 200, 200),
        ("/names/doc%73", 200, 200),
        ("/names/other", 403, 403),
        ("/files/docs/a", 200, 200),
        ("/files/docs/../a", 403, 403),
        ("/files/secret", 403, 403),
        ("/files", 403, 403),
        ("/search", 200, 200),
        ("/search?owner=7", 200, 403),
        // Rocket reads an `Option` with two values as `None`.
        ("/search?owner=8&owner=7", 200, 200),
        ("/fixed?owner=1&owner=7", 200, 403),
        ("/fixed?owner=7&owner=1", 200, 403),
        ("/fixed?owner=8&owner=1&owner=7", 403, 200),
        ("/filter?tag=a&owner=7", 200, 403),
        ("/filter?owner=7&tag=a", 200, 403),
        ("/claims", 200, 403),
        ("/function", 200, 403),
        ("/function/async", 200, 403),
    ] {
        for base in ["", "/api/v1"] {
            let path = format!("{base}{path}");
            for (claims, expected) in [(&user([], "docs"), of_seven), (&other, of_eight)] {
                let response = with_token(client.get(&path), claims).dispatch();
                assert_eq!(response.status().code, expected, "{path} of {}", claims.id);
            }
            assert_eq!(client.get(&path).dispatch().status(), Status::Unauthorized, "{path}");
        }
    }
}

/// The handler and the check see the same value.
#[test]
fn the_handler_sees_what_the_check_saw() {
    let client = client(jwt_auth::routes![by_query, by_query_with_fixed, by_rest]);
    for (path, expected) in [
        ("/search?owner=8&owner=9", "None"),
        ("/fixed?owner=1&owner=7&owner=8", "7"),
        ("/filter?tag=a&owner=7&tag=b", "a 7 None"),
    ] {
        assert_eq!(get(&client, path, &user([], "")), (Status::Ok, Some(expected.to_owned())), "{path}");
    }
}

#[test]
fn route_names_show_the_checks() {
    let name = |routes: Vec<rocket::Route>| routes[0].name.clone().expect("routes have names").into_owned();
    for (routes, expected) in [
        (jwt_auth::routes![own], "own → any(role = Role::Admin, check = |user, id: u64| user.id == id)"),
        (jwt_auth::routes![by_function], "by_function → check = is_seven"),
        (jwt_auth::routes![by_async_function], "by_async_function → check = functions::is_seven"),
        (jwt_auth::routes![by_path], "by_path → check = |user, path| path.starts_with(&user.scope)"),
    ] {
        assert_eq!(name(routes), expected);
    }
}
