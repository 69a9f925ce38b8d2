use jwt_auth::require_auth;
use rocket::{get, post};

#[require_auth(header = "Authorization")]
#[get("/header")]
fn header() {}

#[require_auth(cookie = true)]
#[get("/cookie")]
fn cookie() {}

#[require_auth(cross_origin("https://app.example.com"))]
#[post("/cross-origin")]
fn cross_origin() {}

fn main() {}
