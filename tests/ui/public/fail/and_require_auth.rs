use jwt_auth::{public, require_auth};
use rocket::get;

#[public]
#[get("/")]
#[require_auth]
fn index() {}

fn main() {}
