use jwt_auth::require_auth;
use rocket::get;

struct Users;

impl Users {
    #[require_auth]
    #[get("/")]
    fn index(&self) {}
}

fn main() {}
