//! `#[require_auth(optional)]`: routes for requests with and without a token.

use jwt_auth::{JwtAuth, MaybeAuth, RoutePolicy, require_auth};
use rocket::get;
use rocket::http::{Header, Status};

use crate::app::{User, client, get, user};

#[require_auth(optional)]
#[get("/")]
fn index(user: MaybeAuth<User>) -> String {
    user.as_ref().map_or("anonymous".to_owned(), |user| user.id.to_string())
}

#[require_auth(optional)]
#[get("/any")]
fn any() -> &'static str {
    "any"
}

#[require_auth(optional, strict)]
#[get("/strict")]
fn strict(_auth: &JwtAuth) -> &'static str {
    "strict"
}

#[test]
fn an_invalid_token_is_not_anonymous() {
    let client = client(jwt_auth::routes![index, any, strict]);
    for (path, with_token) in [("/", 200), ("/any", 200), ("/strict", 401)] {
        assert_eq!(client.get(path).dispatch().status(), Status::Ok, "{path}");
        // The token has no session that the store could check.
        assert_eq!(get(&client, path, &user([], "")).0.code, with_token, "{path}");
        for (authorization, expected) in
            [("Bearer e30.e30.AA", 401), ("Bearer", 200), ("Bearer ==", 400), ("Basic YTpi", 200)]
        {
            let request = client.get(path).header(Header::new("Authorization", authorization));
            assert_eq!(request.dispatch().status().code, expected, "{path}, {authorization}");
        }
    }
    assert_eq!(get(&client, "/", &user([], "")).1.as_deref(), Some("7"));
    assert_eq!(client.get("/").dispatch().into_string().as_deref(), Some("anonymous"));
    assert_eq!(index::access().to_string(), "optional");
}
