//! Checks that query a database.

use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::{JwtAuth, require_auth};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::{State, get, post};

use crate::app::{Role, User, get, rocket, user, with_token};

struct Db {
    /// Pairs of a user's id and the id of a post that the user owns.
    owners: Vec<(u64, u64)>,
    queries: AtomicUsize,
}

impl Db {
    async fn owns(&self, user: u64, post: u64) -> Result<bool, std::io::Error> {
        self.queries.fetch_add(1, Ordering::Relaxed);
        rocket::tokio::task::yield_now().await;
        match post {
            0 => Err(std::io::Error::other("the database is unavailable")),
            post => Ok(self.owners.contains(&(user, post))),
        }
    }
}

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
    format!("{id} of {}", db.owners.len())
}

async fn owns_the_first(user: &User, db: &State<Db>, _: &JwtAuth) -> Result<bool, std::io::Error> {
    db.owns(user.id, 1).await
}

#[require_auth(User, check = owns_the_first)]
#[get("/first")]
fn first() {}

fn client() -> Client {
    let db = Db { owners: vec![(7, 1)], queries: AtomicUsize::new(0) };
    let rocket = rocket().manage(db).mount("/", jwt_auth::routes![write, read, first]);
    Client::untracked(rocket).expect("the app launches")
}

#[test]
fn a_check_can_query_the_database() {
    let client = client();
    for (path, expected) in [("/posts/1", 200), ("/posts/2", 403), ("/posts/0", 503), ("/posts/x", 422)] {
        assert_eq!(get(&client, path, &user([], "")).0.code, expected, "{path}");
    }
}

#[test]
fn a_function_can_query_the_database() {
    let client = client();
    assert_eq!(get(&client, "/first", &user([], "")).0, Status::Ok);
    assert_eq!(get(&client, "/first", &User { id: 8, ..user([], "") }).0, Status::Forbidden);
}

#[test]
fn the_database_is_queried_only_if_the_token_does_not_decide() {
    let client = client();
    let post = |path: &'static str, claims: &User| {
        let db: &Db = client.rocket().state().expect("it is managed");
        let before = db.queries.load(Ordering::Relaxed);
        let status = with_token(client.post(path).body("body"), claims).dispatch().status().code;
        (status, db.queries.load(Ordering::Relaxed) - before)
    };
    assert_eq!(post("/posts/0", &user([], "")), (200, 0), "although the check is written first");
    assert_eq!(post("/posts/0", &user([Role::Admin], "restricted")), (200, 0));
    assert_eq!(post("/posts/1", &user([], "restricted")), (200, 1));
    assert_eq!(post("/posts/2", &user([], "restricted")), (403, 1));
    assert_eq!(post("/posts/0", &user([], "restricted")), (503, 1));
}

#[test]
fn missing_state_stops_the_launch() {
    for routes in [jwt_auth::routes![write], jwt_auth::routes![first]] {
        let error = Client::untracked(rocket().mount("/", routes)).map(drop).unwrap_err();
        assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)));
    }
}
