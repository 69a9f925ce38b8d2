use jwt_auth::require_auth;
use rocket::get;

#[require_auth(header, cookie)]
#[get("/both")]
fn both() {}

fn main() {}
