use jwt_auth::require_auth;
use rocket::get;

#[get("/")]
#[require_auth]
fn index() {}

fn main() {}
