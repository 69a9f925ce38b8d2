use jwt_auth::{public, routes};
use rocket::get;

#[public]
#[get("/")]
fn index() {}

fn all_routes() -> Vec<rocket::Route> {
    routes![index index]
}

fn main() {}
