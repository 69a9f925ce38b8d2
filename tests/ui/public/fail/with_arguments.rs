use jwt_auth::public;
use rocket::get;

#[public(User)]
#[get("/")]
fn index() {}

fn main() {}
