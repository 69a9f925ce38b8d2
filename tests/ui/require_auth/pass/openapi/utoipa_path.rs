//! Handlers with `#[utoipa::path]`, in modules and in functions, and handlers without it.

#![deny(warnings)]

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

#[test]
fn described_and_undescribed_handlers_can_be_mounted() {
    #[public]
    #[utoipa::path(responses((status = 200)))]
    #[get("/local")]
    fn index() {}

    let routes = jwt_auth::routes![index, self::index, undescribed, r#type, inner::index, inner::undescribed];
    assert_eq!(routes.len(), 6);
}
