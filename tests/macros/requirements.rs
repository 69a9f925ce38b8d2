//! Roles and scopes: which tokens satisfy which requirement.

use jwt_auth::{Auth, require_auth};
use rocket::get;
use rocket::http::Status;

use crate::app::{Generic, Role, User, client, get, user};

#[require_auth]
#[get("/bare")]
fn bare() {}

#[require_auth(User, role = Role::Admin)]
#[get("/role")]
fn role() {}

#[require_auth(User, scope = "posts:write")]
#[get("/scope")]
fn scope() {}

#[require_auth(User, scope = "posts:read posts:write")]
#[get("/scopes")]
fn scopes() {}

#[require_auth(User, role = Role::Editor, scope = "posts:write")]
#[get("/both")]
fn both() {}

#[require_auth(User, any(role = Role::Admin, all(role = Role::Editor, scope = "posts:write")))]
#[get("/nested")]
pub(crate) fn nested() {}

#[require_auth(role = "root".to_owned())]
#[get("/parameter")]
fn parameter(caller: Auth<Generic<String>>) -> String {
    caller.id.clone()
}

#[test]
fn roles_and_scopes_decide() {
    use Role::{Admin, Editor};
    let client = client(jwt_auth::routes![bare, role, scope, scopes, both, nested]);
    let cases = [
        (user([], ""), [200, 403, 403, 403, 403, 403]),
        (user([Admin], ""), [200, 200, 403, 403, 403, 200]),
        (user([Editor], ""), [200, 403, 403, 403, 403, 403]),
        (user([Editor, Admin], ""), [200, 200, 403, 403, 403, 200]),
        (user([], "posts:write"), [200, 403, 200, 403, 403, 403]),
        (user([], "posts:write2 posts:"), [200, 403, 403, 403, 403, 403]),
        (user([Editor], "posts:read posts:write"), [200, 403, 200, 200, 200, 200]),
    ];
    for (claims, expected) in cases {
        let paths = ["/bare", "/role", "/scope", "/scopes", "/both", "/nested"];
        assert_eq!(paths.map(|path| get(&client, path, &claims).0.code), expected, "{}", claims.scope);
    }
    for path in ["/bare", "/role", "/scope"] {
        assert_eq!(client.get(path).dispatch().status(), Status::Unauthorized);
    }
}

#[test]
fn the_claims_type_can_come_from_a_parameter() {
    let client = client(jwt_auth::routes![parameter]);
    let claims = |role: Option<&str>| Generic { id: "x".to_owned(), role: role.map(str::to_owned) };
    assert_eq!(get(&client, "/parameter", &claims(None)).0, Status::Forbidden);
    assert_eq!(get(&client, "/parameter", &claims(Some("root"))), (Status::Ok, Some("x".to_owned())));
}
