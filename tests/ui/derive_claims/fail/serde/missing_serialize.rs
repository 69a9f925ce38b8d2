use jwt_auth::Claims;
use serde::Deserialize;

#[derive(Claims, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}
