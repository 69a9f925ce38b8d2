//! With `#[utoipa::path]`, in modules and in functions, beside handlers of the same name without it.

use jwt_auth::{public, require_auth};
use rocket::get;

#[require_auth]
#[utoipa::path(responses((status = 200)))]
#[get("/")]
pub fn index() {}

#[require_auth]
#[get("/undescribed")]
pub fn undescribed() {}

#[public]
#[::utoipa::path(get, path = "/type")]
#[get("/type")]
pub fn r#type() {}

mod inner {
    use super::*;

    #[public]
    #[get("/inner")]
    pub fn index() {}

    #[public]
    #[cfg_attr(all(), utoipa::path(responses((status = 200))))]
    #[get("/inner/undescribed")]
    pub fn undescribed() {}
}

fn main() {
    #[public]
    #[utoipa::path(responses((status = 200)))]
    #[get("/local")]
    fn index() {}

    jwt_auth::routes![index, self::index, undescribed, r#type, inner::index, inner::undescribed];
}
