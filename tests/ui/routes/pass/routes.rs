use jwt_auth::{public, require_auth};
use rocket::{get, post};

#[public]
#[get("/")]
fn index() {}

mod posts {
    #[super::require_auth]
    #[super::post("/")]
    pub fn create() {}
}

fn main() {
    let none: Vec<rocket::Route> = jwt_auth::routes![];
    assert!(none.is_empty());
    assert_eq!(jwt_auth::routes![index].len(), 1);
    assert_eq!(jwt_auth::routes![index, posts::create, self::posts::create, crate::index,].len(), 4);
}
