use jwt_auth::require_auth;
use rocket::get;

struct Person;

#[require_auth(Person)]
#[get("/")]
fn index() {}

fn main() {}
