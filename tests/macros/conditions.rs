//! Conditions: what they take, when they are asked, and what happens when they have no answer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::{AuthError, Denied, JwtAuth, require_auth};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{State, async_trait, get, post};

use crate::app::{Role, User, client, get, rocket, user, with_token};

/// Who owns which posts: their ids, and the ids of the posts.
struct Db(Vec<(u64, u64)>);

static QUERIES: AtomicUsize = AtomicUsize::new(0);

impl Db {
    async fn owns(&self, user: u64, post: u64) -> Result<bool, std::io::Error> {
        QUERIES.fetch_add(1, Ordering::Relaxed);
        rocket::tokio::task::yield_now().await;
        match post {
            0 => Err(std::io::Error::other("the database is away")),
            post => Ok(self.0.contains(&(user, post))),
        }
    }
}

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
fn the_routes_parameters_decide() {
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
    // Positions count from the mount point.
    let client =
        Client::untracked(rocket().mount("/", routes()).mount("/api/v1", routes())).expect("it launches");
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
        // Rocket reads an `Option` of two values as none.
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

/// The handler sees what the condition saw.
#[test]
fn a_parameter_means_the_same_to_both() {
    let client = client(jwt_auth::routes![by_query, by_query_with_fixed, by_rest]);
    for (path, expected) in [
        ("/search?owner=8&owner=9", "None"),
        ("/fixed?owner=1&owner=7&owner=8", "7"),
        ("/filter?tag=a&owner=7&tag=b", "a 7 None"),
    ] {
        assert_eq!(get(&client, path, &user([], "")), (Status::Ok, Some(expected.to_owned())), "{path}");
    }
}

mod unreadable {
    use super::*;

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
    fn rocket_answers_as_it_would_without_the_policy() {
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
    fn a_route_of_a_lower_rank_is_tried_with_its_own_policy() {
        let client = client(jwt_auth::routes![own, by_name]);
        assert_eq!(
            get(&client, "/users/docs", &user([], "docs")),
            (Status::Ok, Some("name docs".to_owned()))
        );
        assert_eq!(get(&client, "/users/docs", &user([], "")).0, Status::Forbidden);
        assert_eq!(
            get(&client, "/users/8", &user([], "8")).0,
            Status::Forbidden,
            "a refusal does not forward"
        );
    }

    #[test]
    fn a_handler_that_takes_anything_has_a_condition_that_does() {
        let client = client(jwt_auth::routes![lenient]);
        assert_eq!(get(&client, "/lenient/7", &user([], "")).0, Status::Ok);
        assert_eq!(get(&client, "/lenient/x", &user([], "")).0, Status::Forbidden);
    }
}

mod with_state {
    use super::*;

    #[require_auth(User, any(
        check = |user, id: u64, db: &State<Db>| async move { db.owns(user.id, id).await },
        role = Role::Admin,
        not(scope = "restricted"),
    ))]
    #[post("/posts/<id>", data = "<body>")]
    fn write(id: u64, body: String) -> String {
        format!("{id} {body}")
    }

    #[require_auth(User, check = async |user, id, db| db.owns(user.id, id).await)]
    #[get("/posts/<id>")]
    async fn read(id: u64, db: &State<Db>) -> String {
        format!("{id} of {}", db.0.len())
    }

    async fn owns_the_first(user: &User, db: &State<Db>, _: &JwtAuth) -> Result<bool, std::io::Error> {
        db.owns(user.id, 1).await
    }

    #[require_auth(User, check = owns_the_first)]
    #[get("/first")]
    fn first() {}

    fn client() -> Client {
        let rocket = rocket().manage(Db(vec![(7, 1)])).mount("/", jwt_auth::routes![write, read, first]);
        Client::untracked(rocket).expect("it launches")
    }

    #[test]
    fn a_database_is_asked() {
        let client = client();
        for (path, expected) in [("/posts/1", 200), ("/posts/2", 403), ("/posts/0", 503), ("/posts/x", 422)] {
            assert_eq!(get(&client, path, &user([], "")).0.code, expected, "{path}");
        }
    }

    #[test]
    fn a_function_asks_it() {
        let client = client();
        assert_eq!(get(&client, "/first", &user([], "")).0, Status::Ok);
        assert_eq!(get(&client, "/first", &User { id: 8, ..user([], "") }).0, Status::Forbidden);
    }

    #[test]
    fn it_is_asked_only_if_the_token_does_not_decide() {
        let client = client();
        let post = |path: &'static str, claims: &User| {
            let before = QUERIES.load(Ordering::Relaxed);
            let status = with_token(client.post(path).body("body"), claims).dispatch().status().code;
            (status, QUERIES.load(Ordering::Relaxed) - before)
        };
        assert_eq!(post("/posts/0", &user([], "")), (200, 0), "although the condition comes first");
        assert_eq!(post("/posts/0", &user([Role::Admin], "restricted")), (200, 0));
        assert_eq!(post("/posts/1", &user([], "restricted")), (200, 1));
        assert_eq!(post("/posts/2", &user([], "restricted")), (403, 1));
        assert_eq!(post("/posts/0", &user([], "restricted")), (503, 1));
    }

    #[test]
    fn a_missing_state_stops_the_launch() {
        for routes in [jwt_auth::routes![write], jwt_auth::routes![first]] {
            let error = Client::untracked(rocket().mount("/", routes)).map(drop).unwrap_err();
            assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)));
        }
    }
}

mod with_guards {
    use super::*;

    struct Hour(u8);

    #[async_trait]
    impl<'r> FromRequest<'r> for Hour {
        type Error = &'static str;

        async fn from_request(request: &'r Request<'_>) -> Outcome<Self, &'static str> {
            match request.headers().get_one("Hour").map(str::parse) {
                Some(Ok(hour)) => Outcome::Success(Self(hour)),
                Some(Err(_)) => Outcome::Error((Status::ImATeapot, "not an hour")),
                None => Outcome::Forward(Status::NotFound),
            }
        }
    }

    #[require_auth(User, check = |_, hour: Hour| (8..18).contains(&hour.0))]
    #[get("/open")]
    fn open() {}

    #[require_auth(User, check = |user| match user.id {
        7 => Err(AuthError::InsufficientScope(Denied::new("not on a Friday"))),
        id => Ok(id == 8),
    })]
    #[get("/own/words")]
    fn own_words() {}

    #[test]
    fn a_guards_failure_is_the_answer() {
        let client = client(jwt_auth::routes![open]);
        for (hour, expected) in [(Some("9"), 200), (Some("20"), 403), (Some("x"), 418), (None, 404)] {
            let mut request = with_token(client.get("/open"), &user([], ""));
            if let Some(hour) = hour {
                request = request.header(rocket::http::Header::new("Hour", hour));
            }
            assert_eq!(request.dispatch().status().code, expected, "{hour:?}");
        }
    }

    #[test]
    fn an_auth_error_is_answered_as_it_is() {
        let client = client(jwt_auth::routes![own_words]);
        for (id, expected) in [(7, 403), (8, 200), (9, 403)] {
            assert_eq!(get(&client, "/own/words", &User { id, ..user([], "") }).0.code, expected);
        }
    }
}

#[test]
fn rocket_shows_the_conditions() {
    let name = |routes: Vec<rocket::Route>| routes[0].name.clone().expect("routes have names").into_owned();
    for (routes, expected) in [
        (jwt_auth::routes![own], "own: any(role = Role::Admin, check = |user, id: u64| user.id == id)"),
        (jwt_auth::routes![by_function], "by_function: check = is_seven"),
        (jwt_auth::routes![by_async_function], "by_async_function: check = functions::is_seven"),
        (jwt_auth::routes![by_path], "by_path: check = |user, path| path.starts_with(&user.scope)"),
    ] {
        assert_eq!(name(routes), expected);
    }
}
