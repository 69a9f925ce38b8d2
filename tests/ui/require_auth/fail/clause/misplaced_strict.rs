use jwt_auth::require_auth;
use rocket::get;

#[require_auth(strict, strict)]
#[get("/twice")]
fn twice() {}

#[require_auth(strict = true)]
#[get("/value")]
fn value() {}

#[require_auth(any(strict, scope = "a"))]
#[get("/inside")]
fn inside() {}

#[require_auth(strickt)]
#[get("/misspelled")]
fn misspelled() {}

fn main() {}
