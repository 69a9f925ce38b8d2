use jwt_auth::Claims;
use serde::Serialize;

#[derive(Claims, Serialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}
