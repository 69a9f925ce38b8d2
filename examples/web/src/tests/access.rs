//! The list of who may call which route.

use jwt_auth::testing::audit;

use crate::accounts::{Role, User};

#[rocket::async_test]
async fn the_access_list_is_up_to_date() {
    let user = |id, role| User { id, username: String::new(), roles: vec![role] };
    let list = audit(crate::rocket())
        .caller("admin", &user(1, Role::Admin))
        .caller("demo", &user(2, Role::User))
        .await;
    list.assert_matches("access.txt");
}
