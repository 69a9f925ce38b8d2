use jwt_auth::require_auth;

struct Users;

impl Users {
    #[require_auth]
    #[rocket::get("/")]
    fn index(&self) {}
}

fn main() {}
