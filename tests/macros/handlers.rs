//! Handlers of every form, and their names in Rocket's listing of routes.

use jwt_auth::{Auth, MaybeAuth, public, require_auth};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::response::stream::TextStream;

use crate::app::{Account, Nested, User, client, get, user};

#[require_auth(User)]
#[get("/sync/<name>")]
fn sync<'a>(name: &'a str, user: &User) -> Result<&'a str, Status> {
    if user.id == 7 { Ok(name) } else { Err(Status::Forbidden) }
}

#[require_auth]
#[get("/async")]
async fn asynchronous(user: User) -> Result<String, Status> {
    rocket::tokio::task::yield_now().await;
    Ok(user.id.to_string())
}

#[require_auth]
#[get("/stream")]
fn stream(user: Auth<User>) -> TextStream![String] {
    TextStream! {
        yield user.id.to_string();
        yield "!".to_owned();
    }
}

#[require_auth]
#[get("/nested")]
fn nested(claims: Auth<Nested>) -> String {
    format!("{} {}", claims.user.username, claims.user.admin)
}

#[public]
#[get("/visitor")]
fn visitor(user: MaybeAuth<User>) -> &'static str {
    if user.is_some() { "user" } else { "anonymous" }
}

mod inner {
    #[jwt_auth::require_auth]
    #[rocket::get("/inner")]
    pub(super) fn handler() -> &'static str {
        "inner"
    }
}

#[test]
fn handlers_of_every_form_respond() {
    let client = client(jwt_auth::routes![sync, asynchronous, stream, nested, visitor, inner::handler]);
    let claims = user([], "");
    for (path, expected) in
        [("/sync/a", "a"), ("/async", "7"), ("/stream", "7!"), ("/visitor", "user"), ("/inner", "inner")]
    {
        assert_eq!(get(&client, path, &claims), (Status::Ok, Some(expected.to_owned())), "{path}");
    }
    let account = Account { id: 5, username: "test".to_owned(), admin: true };
    assert_eq!(get(&client, "/nested", &Nested { user: account }).1.as_deref(), Some("test true"));
    assert_eq!(client.get("/visitor").dispatch().into_string().as_deref(), Some("anonymous"));
    let forged = client.get("/visitor").header(Header::new("Authorization", "Bearer e30.e30.AA"));
    assert_eq!(forged.dispatch().status(), Status::Unauthorized);
}

#[test]
fn route_names_show_the_policies() {
    let names: Vec<_> =
        jwt_auth::routes![sync, visitor, crate::evaluation_order::record, crate::requirements::nested]
            .into_iter()
            .map(|route| route.name.expect("routes have names").into_owned())
            .collect();
    assert_eq!(
        names,
        [
            "sync → any valid token",
            "visitor → public",
            "record → role = Role::Admin",
            "nested → any(role = Role::Admin, all(role = Role::Editor, scope = \"posts:write\"))",
        ]
    );
}
