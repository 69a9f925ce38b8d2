use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

struct Db;

#[policy(User, check = |user, db| db.contains(user.id))]
struct IsKnown {
    db: Db,
}

impl Db {
    fn contains(&self, _: u64) -> bool {
        true
    }
}

fn main() {}
