//! Who may call which route.

use jwt_auth::testing::audit;
use rocket::http::Status;

use super::client::{bearer, error, on_every_store};
use super::{ADMIN, DEMO};
use crate::accounts::{Role, User};

#[rocket::async_test]
async fn the_access_list_is_up_to_date() {
    let user = |id, role| User { id, username: String::new(), roles: vec![role] };
    let list = audit(crate::rocket())
        .caller("admin", &user(1, Role::Admin))
        .caller("demo", &user(2, Role::User))
        .caller("another user", &user(3, Role::User))
        .parameter("id", "2")
        .await;
    list.assert_matches("access.txt");
}

#[test]
fn users_reach_only_their_own_data_and_admins_reach_all() {
    on_every_store(|app| {
        let (demo, admin) = (app.login(DEMO), app.login(ADMIN));
        for (path, for_demo, for_admin) in [
            ("/me", 200, 200),
            ("/admin", 403, 200),
            ("/users/1", 403, 200),
            ("/users/2", 200, 200),
            ("/users/3", 403, 404),
            ("/auth/sessions", 200, 200),
            ("/nowhere", 404, 404),
        ] {
            for (user, pair, expected) in [("demo", &demo, for_demo), ("admin", &admin, for_admin)] {
                let response = app.get(path, &pair.access);
                assert_eq!(response.status().code, expected, "{user} at {path}");
                if expected == 403 {
                    assert_eq!(error(response), "insufficient_scope");
                }
            }
        }
    });
}

#[test]
fn protected_routes_require_a_token() {
    on_every_store(|app| {
        for request in [
            app.client.get("/me"),
            app.client.get("/admin"),
            app.client.get("/users/2"),
            app.client.get("/auth/sessions"),
            app.client.delete("/auth/sessions/rubbish"),
            app.client.post("/auth/logout-all"),
        ] {
            let uri = request.uri().to_string();
            let rejected = request.dispatch();
            assert_eq!(rejected.status(), Status::Unauthorized, "{uri}");
            let challenge = rejected.headers().get_one("WWW-Authenticate");
            assert_eq!(challenge, Some(r#"Bearer realm="api""#), "{uri}");
            assert_eq!(error(rejected), "unauthorized", "{uri}");
        }
    });
}

#[test]
fn an_invalid_token_is_rejected() {
    on_every_store(|app| {
        let pair = app.login(DEMO);
        for invalid in ["rubbish", &pair.refresh, &format!("{}x", pair.access)] {
            let rejected = bearer(app.client.get("/me"), invalid).dispatch();
            assert_eq!(rejected.status(), Status::Unauthorized, "{invalid}");
            assert_eq!(error(rejected), "invalid_token", "{invalid}");
        }
    });
}
