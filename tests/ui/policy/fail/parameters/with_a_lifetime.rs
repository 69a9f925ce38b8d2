use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user, team| team.parse() == Ok(user.id))]
struct InTeam<'a> {
    team: &'a str,
}

fn main() {}
