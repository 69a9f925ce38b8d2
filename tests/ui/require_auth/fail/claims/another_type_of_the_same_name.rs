use jwt_auth::{AuthError, Claims, require_auth};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

struct Auth<C>(C);

#[rocket::async_trait]
impl<'r, C> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, AuthError> {
        todo!()
    }
}

#[require_auth(User)]
#[get("/")]
fn index(user: Auth<User>) {
    let _ = user.0.id;
}

fn main() {}
