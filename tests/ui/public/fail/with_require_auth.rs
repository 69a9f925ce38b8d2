use jwt_auth::public;
use rocket::get;

#[public]
#[get("/")]
#[jwt_auth::require_auth]
fn index() {}

fn main() {}
