use jwt_auth::require_auth;
use rocket::get;

struct CanEdit;

#[require_auth(policy = CanEdit)]
#[get("/")]
fn edit() {}

fn main() {}
