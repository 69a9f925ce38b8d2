use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(subject)]
    name: String,
    #[claims(role)]
    roles: Vec<String>,
    #[claims(scope = "read")]
    scope: String,
    exp: u64,
}

// None of this adds a message.
#[jwt_auth::require_auth(User, scope = "read")]
#[rocket::get("/")]
fn index(user: &User) -> &str {
    &user.name
}

fn routes() -> Vec<rocket::Route> {
    jwt_auth::routes![index]
}

fn main() {}
