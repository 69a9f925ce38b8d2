use jwt_auth::{Auth as Bearer, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

type Visitor = Option<Bearer<User>>;

#[require_auth(User)]
#[get("/alias")]
fn alias(_visitor: Visitor) {}

#[require_auth]
#[get("/renamed")]
fn renamed(_visitor: Option<Bearer<User>>) {}

#[require_auth(User, optional)]
#[get("/optional/<id>?<page>", data = "<body>")]
fn optional(id: Option<u64>, page: Option<u64>, body: Option<String>, _visitor: Option<&User>) {
    let _ = (id, page, body);
}

#[require_auth(User)]
#[get("/result")]
fn result(_visitor: Result<&'_ User, jwt_auth::AuthError>) {}

fn main() {}
