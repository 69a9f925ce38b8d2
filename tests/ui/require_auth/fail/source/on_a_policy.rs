use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, header, check = |user| user.id == 7)]
struct ByHeader;

#[policy(User, cookie, cross_origin, check = |user| user.id == 7)]
struct ByCookie;

fn main() {}
