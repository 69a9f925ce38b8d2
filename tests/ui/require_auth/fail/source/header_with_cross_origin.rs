use jwt_auth::require_auth;
use rocket::post;

#[require_auth(cross_origin, header)]
#[post("/no-cookies")]
fn no_cookies() {}

fn main() {}
