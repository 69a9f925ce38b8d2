use jwt_auth::public;
use rocket::get;

#[public]
#[public]
#[get("/")]
fn index() {}

fn main() {}
