use jwt_auth::require_auth;
use rocket::{get, post};

#[require_auth(header, header)]
#[get("/header")]
fn header() {}

#[require_auth(cookie, strict, cookie)]
#[get("/cookie")]
fn cookie() {}

#[require_auth(cross_origin, cross_origin)]
#[post("/cross-origin")]
fn cross_origin() {}

fn main() {}
