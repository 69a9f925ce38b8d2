//! Named policies with parameters.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::{policy, require_auth};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::{State, get};

use crate::app::{Role, User, client, get, rocket, user};

#[policy(User, check = |user, id| user.id == id)]
struct Owns {
    id: u64,
}

#[policy(User, any(role = Role::Admin, policy = Owns(id)))]
struct CanSee {
    id: u64,
}

#[policy(User, check = |user, name| user.scope == name)]
struct IsCalled {
    name: &str,
}

#[policy(User, check = |user, home: PathBuf| home.starts_with(&user.scope))]
struct IsHome {
    home: PathBuf,
}

#[policy(User, check = |user, from, to| from <= user.id && user.id <= to)]
struct IsBetween {
    from: u64,
    to: u64,
}

#[derive(rocket::FromForm)]
struct Range {
    from: u64,
    to: u64,
}

#[policy(User, check = |user, range| range.from <= user.id && user.id <= range.to)]
struct IsInRange {
    range: Range,
}

#[policy(User, check = |user, id, asked: &State<Asked>| asked.ask() && user.id == id)]
struct OwnsAsked {
    id: u64,
}

#[policy(User, strict, policy = Owns(id))]
struct OwnsStrictly {
    id: u64,
}

/// The number of times that a condition was evaluated.
#[derive(Default)]
struct Asked(AtomicUsize);

impl Asked {
    fn ask(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        true
    }
}

#[require_auth(policy = Owns(user_id))]
#[get("/users/<_>/<user_id>")]
fn segment(user_id: u64) -> String {
    user_id.to_string()
}

#[require_auth(policy = CanSee(id))]
#[get("/nested/<id>")]
fn nested(id: u64) -> String {
    id.to_string()
}

#[require_auth(policy = IsCalled(name))]
#[get("/names/<name>")]
fn text(name: String) -> String {
    name
}

#[require_auth(policy = IsHome(path))]
#[get("/home/<path..>")]
fn segments(path: PathBuf) -> String {
    path.display().to_string()
}

#[require_auth(policy = IsBetween(low, high))]
#[get("/between/<high>/<low>?for=ids")]
fn by_position(low: u64, high: u64) -> String {
    format!("{low} {high}")
}

#[require_auth(policy = IsBetween(low, high))]
#[get("/query?low=0&<low>&<high>")]
fn query(low: u64, high: u64) -> String {
    format!("{low} {high}")
}

#[require_auth(policy = IsInRange(range))]
#[get("/rest?<page>&<range..>")]
fn query_rest(page: Option<u8>, range: Range) -> String {
    format!("{page:?} {} {}", range.from, range.to)
}

#[require_auth(User, any(policy = Owns(first), policy = Owns(second)))]
#[get("/either/<first>/<second>")]
fn either(first: u64, second: u64) -> String {
    format!("{first} {second}")
}

#[require_auth(User, not(policy = Owns(id)))]
#[get("/others/<id>")]
fn others(id: &str) -> &str {
    id
}

#[require_auth(User, any(role = Role::Admin, policy = OwnsAsked(id)))]
#[get("/guarded/<id>")]
fn guarded(id: u64) -> String {
    id.to_string()
}

#[require_auth(policy = OwnsStrictly(id))]
#[get("/strict/<id>")]
fn strict(id: u64) -> String {
    id.to_string()
}

#[test]
fn each_route_names_the_parameters_of_a_policy() {
    let routes =
        jwt_auth::routes![segment, nested, text, segments, by_position, query, query_rest, either, others];
    let client = client(routes);
    let docs = user([], "docs");
    for (path, expected) in [
        ("/users/8/7", 200),
        ("/users/7/8", 403),
        ("/nested/7", 200),
        ("/nested/8", 403),
        ("/names/docs", 200),
        ("/names/d%6Fcs", 200),
        ("/names/other", 403),
        ("/home/docs/a", 200),
        ("/home/other/docs", 403),
        ("/between/9/5?for=ids", 200),
        ("/between/5/9?for=ids", 403),
        ("/query?low=0&low=7&high=7", 200),
        ("/query?low=0&low=8&high=9", 403),
        ("/rest?page=1&from=5&to=9", 200),
        ("/rest?from=8&to=9", 403),
        ("/either/7/8", 200),
        ("/either/8/7", 200),
        ("/either/8/9", 403),
        ("/others/8", 200),
        ("/others/7", 403),
    ] {
        assert_eq!(get(&client, path, &docs).0.code, expected, "{path}");
        assert_eq!(client.get(path).dispatch().status(), Status::Unauthorized, "{path}");
    }
    assert_eq!(get(&client, "/nested/8", &user([Role::Admin], "")).0, Status::Ok);
}

/// The handler of `others` takes text, and the policy a number.
#[test]
fn a_parameter_that_does_not_parse_forwards() {
    let client = client(jwt_auth::routes![segment, nested, query, others]);
    for (path, of_user, of_admin) in [
        ("/users/7/x", 422, 422),
        // The handler's own parameter does not parse.
        ("/nested/x", 422, 422),
        ("/others/x", 422, 422),
        ("/query?low=0&low=x&high=9", 422, 422),
        ("/query?low=0&high=9", 422, 422),
    ] {
        assert_eq!(get(&client, path, &user([], "")).0.code, of_user, "{path}");
        assert_eq!(get(&client, path, &user([Role::Admin], "")).0.code, of_admin, "{path}");
    }
}

#[test]
fn a_policy_takes_guards_in_addition_to_parameters() {
    let launch = Client::untracked(rocket().mount("/", jwt_auth::routes![guarded]));
    let error = launch.map(drop).expect_err("the state is not managed");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)));

    let rocket = rocket().manage(Asked::default()).mount("/", jwt_auth::routes![guarded]);
    let client = Client::untracked(rocket).expect("the app launches");
    let asked = || client.rocket().state::<Asked>().expect("managed").0.load(Ordering::Relaxed);
    assert_eq!(get(&client, "/guarded/8", &user([Role::Admin], "")).0, Status::Ok);
    assert_eq!(asked(), 0, "the role already lets an admin in");
    assert_eq!(get(&client, "/guarded/7", &user([], "")).0, Status::Ok);
    assert_eq!(get(&client, "/guarded/8", &user([], "")).0, Status::Forbidden);
    assert_eq!(asked(), 2);
}

/// A token without a session is rejected on strict routes.
#[test]
fn a_strict_policy_with_parameters_makes_its_routes_strict() {
    let client = client(jwt_auth::routes![segment, strict]);
    assert_eq!(get(&client, "/users/1/7", &user([], "")).0, Status::Ok);
    assert_eq!(get(&client, "/strict/7", &user([], "")).0, Status::Unauthorized);
}

#[test]
fn the_list_of_routes_shows_the_arguments() {
    let names: Vec<_> = jwt_auth::routes![segment, nested, by_position, guarded, strict]
        .into_iter()
        .map(|route| route.name.expect("routes have names").into_owned())
        .collect();
    assert_eq!(
        names,
        [
            "segment → policy = Owns(user_id) { check = |user, id| user.id == id }",
            "nested → policy = CanSee(id) { any(role = Role::Admin, \
             policy = Owns(id) { check = |user, id| user.id == id }) }",
            "by_position → policy = IsBetween(low, high) { check = |user, from, to| from <= user.id && user.id <= to }",
            "guarded → any(role = Role::Admin, policy = OwnsAsked(id) \
             { check = |user, id, asked: &State<Asked>| asked.ask() && user.id == id })",
            "strict → policy = OwnsStrictly(id) { policy = Owns(id) { check = |user, id| user.id == id } }, strict",
        ]
    );
}
