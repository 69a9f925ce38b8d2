//! Login and logout.

use rocket::http::Status;
use rocket::serde::json::{Value, json};

use super::client::{Pair, bearer, error, on_every_store};
use super::{ADMIN, DEMO};

#[test]
fn a_session_lasts_from_login_to_logout() {
    on_every_store(|app| {
        let first = app.login(DEMO);
        let me = app.get("/me", &first.access).into_json::<Value>();
        assert_eq!(me, Some(json!({ "id": 2, "username": "demo", "roles": ["user"] })));

        let second = Pair::of(app.refresh(&first));
        assert_ne!(first.refresh, second.refresh);
        assert_eq!(app.get("/me", &second.access).status(), Status::Ok);

        assert_eq!(app.logout(&second), Status::NoContent);
        app.assert_ended(&first);
        app.assert_ended(&second);
        assert_eq!(app.logout(&second), Status::NoContent, "a second logout changes nothing");
    });
}

#[test]
fn wrong_credentials_are_rejected_alike() {
    on_every_store(|app| {
        for (username, password) in [(DEMO.0, ADMIN.1), (DEMO.0, ""), ("unknown", DEMO.1), ("", "")] {
            let rejected = app.post("/auth/login", &json!({ "username": username, "password": password }));
            assert_eq!(rejected.status(), Status::Unauthorized, "{username}");
            assert_eq!(error(rejected), "invalid_credentials", "{username}");
        }
    });
}

#[test]
fn a_logout_everywhere_ends_all_sessions_of_that_user_only() {
    on_every_store(|app| {
        let (phone, laptop, admin) = (app.login(DEMO), app.login(DEMO), app.login(ADMIN));
        let logout = bearer(app.client.post("/auth/logout-all"), &phone.access).dispatch();
        assert_eq!(logout.status(), Status::NoContent);
        app.assert_ended(&phone);
        app.assert_ended(&laptop);
        assert_eq!(app.get("/me", &admin.access).status(), Status::Ok);

        let again = app.login(DEMO);
        assert_eq!(app.get("/me", &again.access).status(), Status::Ok);
        Pair::of(app.refresh(&again));
    });
}
