use jwt_auth::require_auth;
use rocket::get;

#[require_auth]
#[jwt_auth::public]
#[get("/")]
fn index() {}

fn routes() -> Vec<rocket::Route> {
    jwt_auth::routes![index]
}

fn main() {}
