use jwt_auth::{public, routes};
use rocket::get;

#[public]
#[get("/")]
fn index() {}

#[get("/secret")]
fn secret() {}

mod posts {
    #[rocket::get("/posts")]
    pub fn all() {}
}

fn all_routes() -> Vec<rocket::Route> {
    routes![index, secret, posts::all]
}

fn main() {}
