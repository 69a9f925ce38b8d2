use jwt_auth::require_auth;
use rocket::{get, post};

#[require_auth(any(header, fresh = "5m"))]
#[get("/header")]
fn header() {}

#[require_auth(all(fresh = "5m", cookie))]
#[get("/cookie")]
fn cookie() {}

#[require_auth(not(cross_origin))]
#[post("/cross-origin")]
fn cross_origin() {}

fn main() {}
