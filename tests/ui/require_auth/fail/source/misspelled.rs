use jwt_auth::require_auth;
use rocket::{get, post};

#[require_auth(headers)]
#[get("/headers")]
fn headers() {}

#[require_auth(cookies)]
#[get("/cookies")]
fn cookies() {}

#[require_auth(cross_origins)]
#[post("/cross-origins")]
fn cross_origins() {}

fn main() {}
