//! What the macros make of an app: who gets in, when that is decided, and what stops a launch.

use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::{Auth, BearerToken, Claims, JwtAuth, MaybeAuth, public, require_auth};
use rocket::data::{self, Data, FromData};
use rocket::figment::providers::Serialized;
use rocket::http::{Header, Status};
use rocket::local::blocking::{Client, LocalRequest};
use rocket::request::{FromParam, Request};
use rocket::response::stream::TextStream;
use rocket::{Route, async_trait, get, post, routes as rocket_routes};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<Role>,
    #[claims(scope)]
    scope: String,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Admin,
    Editor,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = user.id)]
struct Nested {
    user: Account,
}

#[derive(Serialize, Deserialize)]
struct Account {
    id: u64,
    username: String,
    admin: bool,
}

#[derive(Claims, Serialize, Deserialize)]
struct Generic<T> {
    #[claims(subject)]
    id: T,
    #[claims(roles)]
    role: Option<String>,
}

fn user(roles: impl Into<Vec<Role>>, scope: &str) -> User {
    User { id: 7, roles: roles.into(), scope: scope.to_owned() }
}

fn client(routes: Vec<Route>) -> Client {
    let secret = Serialized::default("jwt_auth.secret", "0123456789abcdef0123456789abcdef");
    let figment = rocket::Config::figment().merge(("log_level", "off")).merge(secret);
    Client::untracked(rocket::custom(figment).attach(JwtAuth::fairing()).mount("/", routes))
        .expect("it launches")
}

fn with_token<'c, C: Claims>(request: LocalRequest<'c>, claims: &C) -> LocalRequest<'c> {
    let auth: &JwtAuth = request.inner().rocket().state().expect("the fairing is attached");
    let token = auth.create_access_token(claims).expect("claims can be put into a token");
    request.header(Header::new("Authorization", format!("Bearer {token}")))
}

fn get<C: Claims>(client: &Client, path: &'static str, claims: &C) -> (Status, Option<String>) {
    let response = with_token(client.get(path), claims).dispatch();
    (response.status(), response.into_string())
}

mod decisions {
    use super::*;

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
    pub(super) fn nested() {}

    #[require_auth(role = "root".to_owned())]
    #[get("/parameter")]
    fn parameter(caller: Auth<Generic<String>>) -> String {
        caller.id.clone()
    }

    #[test]
    fn who_gets_in() {
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
    fn claims_type_of_a_parameter() {
        let client = client(jwt_auth::routes![parameter]);
        let claims = |role: Option<&str>| Generic { id: "x".to_owned(), role: role.map(str::to_owned) };
        assert_eq!(get(&client, "/parameter", &claims(None)).0, Status::Forbidden);
        assert_eq!(get(&client, "/parameter", &claims(Some("root"))), (Status::Ok, Some("x".to_owned())));
    }
}

mod order {
    use super::*;

    static PARSED: AtomicUsize = AtomicUsize::new(0);

    struct Recorder;

    impl FromParam<'_> for Recorder {
        type Error = ();

        fn from_param(_: &str) -> Result<Self, ()> {
            PARSED.fetch_add(1, Ordering::Relaxed);
            Ok(Self)
        }
    }

    #[async_trait]
    impl<'r> FromData<'r> for Recorder {
        type Error = ();

        async fn from_data(_: &'r Request<'_>, _: Data<'r>) -> data::Outcome<'r, Self> {
            PARSED.fetch_add(1, Ordering::Relaxed);
            data::Outcome::Success(Self)
        }
    }

    #[require_auth(User, role = Role::Admin)]
    #[post("/<path>", data = "<body>")]
    pub(super) fn record(path: Recorder, body: Recorder) {
        let _ = (path, body);
    }

    #[test]
    fn nothing_is_parsed_for_those_who_stay_out() {
        let client = client(jwt_auth::routes![record]);
        let post = || client.post("/path").body("body");
        assert_eq!(post().dispatch().status(), Status::Unauthorized);
        assert_eq!(with_token(post(), &user([], "")).dispatch().status(), Status::Forbidden);
        assert_eq!(PARSED.load(Ordering::Relaxed), 0);
        assert_eq!(with_token(post(), &user([Role::Admin], "")).dispatch().status(), Status::Ok);
        assert_eq!(PARSED.load(Ordering::Relaxed), 2);
    }
}

mod handlers {
    use super::*;

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
        if user.is_some() { "user" } else { "nobody" }
    }

    mod inner {
        #[jwt_auth::require_auth]
        #[rocket::get("/inner")]
        pub(super) fn handler() -> &'static str {
            "inner"
        }
    }

    #[test]
    fn every_form_answers() {
        let client = client(jwt_auth::routes![sync, asynchronous, stream, nested, visitor, inner::handler]);
        let claims = user([], "");
        for (path, expected) in
            [("/sync/a", "a"), ("/async", "7"), ("/stream", "7!"), ("/visitor", "user"), ("/inner", "inner")]
        {
            assert_eq!(get(&client, path, &claims), (Status::Ok, Some(expected.to_owned())), "{path}");
        }
        let account = Account { id: 5, username: "test".to_owned(), admin: true };
        assert_eq!(get(&client, "/nested", &Nested { user: account }).1.as_deref(), Some("test true"));
        assert_eq!(client.get("/visitor").dispatch().into_string().as_deref(), Some("nobody"));
        let forged = client.get("/visitor").header(Header::new("Authorization", "Bearer e30.e30.AA"));
        assert_eq!(forged.dispatch().status(), Status::Unauthorized);
    }

    #[test]
    fn rocket_shows_the_policies() {
        let names: Vec<_> = jwt_auth::routes![sync, visitor, super::order::record, super::decisions::nested]
            .into_iter()
            .map(|route| route.name.expect("routes have names").into_owned())
            .collect();
        assert_eq!(
            names,
            [
                "sync: any valid token",
                "visitor: public",
                "record: role = Role::Admin",
                "nested: any(role = Role::Admin, all(role = Role::Editor, scope = \"posts:write\"))",
            ]
        );
    }
}

/// Guards stop a launch without the fairing, also on routes that `rocket::routes!` mounts.
mod sentinels {
    use super::*;

    type Alias<'r> = &'r User;

    #[require_auth]
    #[get("/")]
    fn policy() {}

    #[get("/")]
    fn by_value(_user: User) {}

    #[get("/")]
    fn by_reference(_user: &User) {}

    #[get("/")]
    fn by_alias(_user: Alias<'_>) {}

    #[get("/")]
    fn generic(_claims: Generic<u64>) {}

    #[get("/")]
    fn auth(_auth: Auth<User>) {}

    #[get("/")]
    fn maybe(_auth: MaybeAuth<User>) {}

    #[get("/")]
    fn bearer(_token: BearerToken<'_>) {}

    #[get("/")]
    fn toolkit(_auth: &JwtAuth) {}

    #[test]
    fn each_guard_needs_the_fairing() {
        let routes =
            rocket_routes![policy, by_value, by_reference, by_alias, generic, auth, maybe, bearer, toolkit];
        for route in routes {
            let name = route.name.clone();
            let figment = rocket::Config::figment().merge(("log_level", "off"));
            let error =
                Client::untracked(rocket::custom(figment).mount("/", vec![route])).map(drop).unwrap_err();
            assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)), "{name:?}");
        }
    }
}
