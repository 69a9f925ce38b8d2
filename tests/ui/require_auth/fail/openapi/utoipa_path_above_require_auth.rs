use jwt_auth::require_auth;
use rocket::get;

#[utoipa::path(responses((status = 200)))]
#[require_auth]
#[get("/")]
fn index() {}

fn main() {
    jwt_auth::routes![index];
}
