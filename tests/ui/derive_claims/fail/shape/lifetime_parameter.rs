use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User<'a> {
    #[claims(subject)]
    id: u64,
    #[serde(borrow)]
    name: &'a str,
}

fn main() {}
