use jwt_auth::{public, require_auth};
use rocket::get;

#[require_auth]
#[public]
#[get("/")]
fn index() {}

fn routes() -> Vec<rocket::Route> {
    jwt_auth::routes![index]
}

fn main() {}
