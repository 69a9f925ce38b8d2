//! Parameters that cannot be parsed.

use jwt_auth::require_auth;
use rocket::get;
use rocket::http::Status;

use super::own;
use crate::app::{Role, User, client, get, user};

#[require_auth(User, check = |user, name: &str| user.scope == name)]
#[get("/users/<name>", rank = 2)]
fn by_name(name: &str) -> String {
    format!("name {name}")
}

#[require_auth(User, role = Role::Admin, check = |user, id: u64| user.id == id)]
#[get("/both/<id>")]
fn both(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, not(check = |user, id: u64| user.id == id))]
#[get("/others/<id>")]
fn others(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, check = |user, id| id == Ok(user.id))]
#[get("/lenient/<id>")]
fn lenient(id: Result<u64, &str>) -> String {
    format!("{id:?}")
}

#[test]
fn the_response_is_the_same_as_without_the_policy() {
    let client = client(jwt_auth::routes![own, both, others]);
    let admin = user([Role::Admin], "");
    for (path, of_user, of_admin) in [
        ("/users/x", 422, 422),
        ("/both/x", 403, 422),
        ("/others/x", 422, 422),
        ("/others/7", 403, 403),
        ("/others/8", 200, 200),
    ] {
        assert_eq!(get(&client, path, &user([], "")).0.code, of_user, "{path}");
        assert_eq!(get(&client, path, &admin).0.code, of_admin, "{path}");
        let anonymous = client.get(path).dispatch();
        assert_eq!(anonymous.status(), Status::Unauthorized, "{path}: without a token nothing is parsed");
    }
}

#[test]
fn a_route_with_a_lower_rank_is_tried_with_its_own_policy() {
    let client = client(jwt_auth::routes![own, by_name]);
    assert_eq!(get(&client, "/users/docs", &user([], "docs")), (Status::Ok, Some("name docs".to_owned())));
    assert_eq!(get(&client, "/users/docs", &user([], "")).0, Status::Forbidden);
    assert_eq!(get(&client, "/users/8", &user([], "8")).0, Status::Forbidden, "a denial does not forward");
}

#[test]
fn a_check_can_take_a_result_like_the_handler() {
    let client = client(jwt_auth::routes![lenient]);
    assert_eq!(get(&client, "/lenient/7", &user([], "")).0, Status::Ok);
    assert_eq!(get(&client, "/lenient/x", &user([], "")).0, Status::Forbidden);
}
