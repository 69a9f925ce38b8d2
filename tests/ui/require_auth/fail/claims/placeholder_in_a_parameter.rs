use jwt_auth::{Auth, Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user| user.id > 0)]
struct Known;

#[require_auth(policy = Known)]
#[get("/")]
fn index(user: Auth<_>) -> String {
    user.id.to_string()
}

fn main() {}
