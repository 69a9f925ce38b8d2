use jwt_auth::public;
use rocket::get;

#[public]
#[get("/")]
fn index() {}

fn main() {
    jwt_auth::routes![#[allow(unused)] index];
}
