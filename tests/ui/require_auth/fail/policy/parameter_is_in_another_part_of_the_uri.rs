use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(rocket::FromForm)]
struct Range {
    from: u64,
    to: u64,
}

#[policy(User, check = |user, range| range.from <= user.id && user.id <= range.to)]
struct IsInRange {
    range: Range,
}

#[require_auth(User, policy = IsInRange(range))]
#[get("/<range>")]
fn show(range: u64) -> String {
    range.to_string()
}

fn main() {}
