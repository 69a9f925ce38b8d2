use jwt_auth::public;
use rocket::get;

#[get("/")]
#[public]
fn index() {}

fn main() {}
