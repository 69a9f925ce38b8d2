//! What the app promises, with its sessions in memory and in a Redis.

mod client;
mod docs;

use std::thread::sleep;
use std::time::Duration;

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use jwt_auth::testing::audit;
use jwt_auth_tests::RedisServer;
use rocket::http::{ContentType, Header, Status};
use rocket::serde::json::{Value, json};
use uuid::Uuid;

use crate::accounts::{Role, User};
use client::{App, Pair, bearer, error, on_every_store};

const ADMIN: (&str, &str) = ("admin", "correct horse battery staple");
const DEMO: (&str, &str) = ("demo", "hunter2hunter2");
/// What is told of a session.
const FIELDS: [&str; 8] =
    ["created_at", "current", "expires_at", "id", "ip", "label", "last_used_at", "user_agent"];
/// The default of `reuse_grace`, in seconds.
const GRACE: u64 = 30;

#[rocket::async_test]
async fn who_may_call_what_is_as_the_access_list_says() {
    let user = |id, role| User { id, username: String::new(), roles: vec![role] };
    let list = audit(crate::app(JwtAuth::fairing()))
        .caller("admin", &user(1, Role::Admin))
        .caller("demo", &user(2, Role::User))
        .caller("somebody else", &user(3, Role::User))
        .parameter("id", "2")
        .await;
    list.assert_matches("access.txt");
}

#[test]
fn a_session_from_its_login_to_its_logout() {
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
        assert_eq!(app.logout(&second), Status::NoContent, "also when it is gone");
    });
}

#[test]
fn a_used_refresh_token_ends_the_session_after_a_while() {
    on_every_store(|app| {
        let first = app.login(DEMO);
        let second = Pair::of(app.refresh(&first));
        app.clock.advance(Duration::from_secs(GRACE - 1));
        Pair::of(app.refresh(&first));
        app.clock.advance(Duration::from_secs(1));
        Pair::of(app.refresh(&first));

        // Only now is it known that the second pair has arrived. The store hears of it in the background.
        assert_eq!(app.get("/me", &second.access).status(), Status::Ok);
        let refused = || Some(app.refresh(&first)).filter(|response| response.status() != Status::Ok);
        let refused = (0..500).find_map(|_| {
            sleep(Duration::from_millis(10));
            refused()
        });
        assert_eq!(error(refused.expect("it is reuse")), "invalid_grant");
        app.assert_ended(&second);
    });
}

#[test]
fn wrong_credentials_are_all_refused_alike() {
    on_every_store(|app| {
        for (username, password) in [(DEMO.0, ADMIN.1), (DEMO.0, ""), ("nobody", DEMO.1), ("", "")] {
            let refused = app.post("/auth/login", json!({ "username": username, "password": password }));
            assert_eq!(refused.status(), Status::Unauthorized, "{username}");
            assert_eq!(error(refused), "invalid_credentials", "{username}");
        }
        for body in
            [json!(null), json!({}), json!({ "username": "demo" }), json!({ "username": 1, "password": 2 })]
        {
            assert!(app.post("/auth/login", body).status().class().is_client_error());
        }
    });
}

#[test]
fn a_user_sees_and_ends_sessions() {
    on_every_store(|app| {
        let (phone, laptop, admin) = (app.login(DEMO), app.login(DEMO), app.login(ADMIN));
        let sessions = app.sessions(&laptop);
        assert_eq!(sessions.len(), 2);
        for session in &sessions {
            let fields: Vec<&str> =
                session.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(fields, FIELDS);
        }
        let id_of = |current: bool| {
            let session = sessions.iter().find(|session| session["current"] == current).expect("one of each");
            session["id"].as_str().expect("an id").to_owned()
        };
        let (own, other) = (id_of(true), id_of(false));

        assert_eq!(app.end_session(&other, &admin), Status::NotFound, "not the admin's own");
        assert_eq!(app.end_session(&Uuid::new_v4().to_string(), &laptop), Status::NotFound);
        assert_eq!(app.end_session("rubbish", &laptop), Status::UnprocessableEntity, "no id at all");
        assert_eq!(app.get("/me", &phone.access).status(), Status::Ok);

        assert_eq!(app.end_session(&other, &laptop), Status::NoContent);
        app.assert_ended(&phone);
        assert_eq!(app.end_session(&other, &laptop), Status::NotFound, "it is gone");
        assert_eq!(app.sessions(&laptop).len(), 1);
        assert_eq!(app.end_session(&own, &laptop), Status::NoContent);
        app.assert_ended(&laptop);
    });
}

#[test]
fn the_device_of_a_login_is_shown() {
    on_every_store(|app| {
        let body = json!({ "username": DEMO.0, "password": DEMO.1, "label": "Demo's phone" });
        let login = app.client.post("/auth/login").header(ContentType::JSON).body(body.to_string());
        let login = login.header(Header::new("User-Agent", "Phone/1")).remote(([192, 0, 2, 1], 4000).into());
        let pair = Pair::of(login.dispatch());
        let session = &app.sessions(&pair)[0];
        assert_eq!(session["user_agent"], "Phone/1");
        assert_eq!(session["label"], "Demo's phone");
        assert_eq!(session["ip"], "192.0.2.1");

        // The test client itself has no user agent and no address.
        let bare = app.login(DEMO);
        let sessions = app.sessions(&bare);
        let session = sessions.iter().find(|session| session["current"] == true).expect("it is listed");
        for unknown in ["user_agent", "label", "ip"] {
            assert_eq!(session[unknown], Value::Null, "{unknown}");
        }
    });
}

#[test]
fn a_logout_everywhere_ends_all_sessions_of_the_user_alone() {
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

#[test]
fn each_user_reaches_what_is_theirs() {
    on_every_store(|app| {
        let (demo, admin) = (app.login(DEMO), app.login(ADMIN));
        for (path, of_demo, of_admin) in [
            ("/me", 200, 200),
            ("/admin", 403, 200),
            ("/users/1", 403, 200),
            ("/users/2", 200, 200),
            ("/users/3", 403, 404),
            ("/auth/sessions", 200, 200),
            ("/nowhere", 404, 404),
        ] {
            for (user, pair, expected) in [("demo", &demo, of_demo), ("admin", &admin, of_admin)] {
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
fn nobody_gets_in_without_a_token() {
    on_every_store(|app| {
        let protected = ["/me", "/admin", "/users/1", "/users/rubbish", "/auth/sessions"]
            .map(|path| app.client.get(path));
        let changing = [app.client.post("/auth/logout-all"), app.client.delete("/auth/sessions/1")];
        for request in protected.into_iter().chain(changing) {
            let uri = request.uri().to_string();
            let refused = request.dispatch();
            assert_eq!(refused.status(), Status::Unauthorized, "{uri}");
            assert_eq!(refused.headers().get_one("WWW-Authenticate"), Some(r#"Bearer realm="api""#), "{uri}");
            assert_eq!(error(refused), "unauthorized", "{uri}");
        }
    });
}

#[test]
fn errors_that_no_guard_of_ours_made_have_the_same_form() {
    on_every_store(|app| {
        let pair = app.login(DEMO);
        for (path, status, code) in [
            ("/nowhere", 404, "not_found"),
            ("/users/3", 403, "insufficient_scope"),
            ("/users/rubbish", 422, "invalid_request"),
        ] {
            let response = app.get(path, &pair.access);
            assert_eq!(response.status().code, status, "{path}");
            let body: Value = response.into_json().expect("JSON");
            assert_eq!(body["error"], code, "{path}");
            assert!(body["error_description"].is_string(), "{path}: {body}");
        }
    });
}

#[test]
fn public_keys_are_shown_and_a_secret_is_not() {
    on_every_store(|app| {
        let jwks = app.client.get("/.well-known/jwks.json").dispatch().into_json::<Value>();
        assert_eq!(jwks, Some(json!({ "keys": [] })));
    });
    let key = json!({ "algorithm": "ES256", "private_key": jwt_auth_tests::pem::P256 });
    let app = App::new(|fairing| fairing.store(MemoryStore::new()), key);
    let jwks: Value = app.client.get("/.well-known/jwks.json").dispatch().into_json().expect("JSON");
    assert_eq!((&jwks["keys"][0]["crv"], &jwks["keys"][0]["d"]), (&json!("P-256"), &Value::Null));
    let pair = app.login(DEMO);
    assert_eq!(app.get("/me", &pair.access).status(), Status::Ok);
}

#[test]
fn a_redis_that_is_away_costs_nobody_the_session() {
    let mut server = RedisServer::start();
    let app = App::on(&server);
    let pair = app.login(DEMO);
    server.run("SAVE");
    server.stop();
    for (path, body) in [
        ("/auth/refresh", json!({ "refresh_token": pair.refresh })),
        ("/auth/logout", json!({ "refresh_token": pair.refresh })),
        ("/auth/login", json!({ "username": DEMO.0, "password": DEMO.1 })),
    ] {
        let away = app.post(path, body);
        assert_eq!(away.status(), Status::ServiceUnavailable, "{path}");
        assert_eq!(away.headers().get_one("Retry-After"), Some("1"), "{path}");
        assert_eq!(error(away), "temporarily_unavailable", "{path}");
    }
    assert_eq!(app.get("/me", &pair.access).status(), Status::Ok, "this needs no Redis");

    server.restart();
    Pair::of(app.refresh(&pair));
}

#[test]
fn sessions_that_redis_has_lost_can_be_ended() {
    let server = RedisServer::start();
    let (app, other) = (App::on(&server), App::on(&server));
    let revoked = |app: &App, pair: &Pair| app.get("/me", &pair.access).status() == Status::Unauthorized;
    for everywhere in [true, false] {
        let (pair, admin) = (app.login(DEMO), app.login(ADMIN));
        let id = app.sessions(&pair)[0]["id"].as_str().expect("an id").to_owned();
        server.run("FLUSHDB");
        let end = match everywhere {
            true => app.client.post("/auth/logout-all"),
            false => app.client.delete(format!("/auth/sessions/{id}")),
        };
        assert_eq!(bearer(end, &pair.access).dispatch().status(), Status::NoContent);
        assert!(revoked(&app, &pair));
        let soon = (0..500).any(|_| {
            sleep(Duration::from_millis(10));
            revoked(&other, &pair)
        });
        assert!(soon, "the other process rejects it");

        let not_theirs = bearer(app.client.delete(format!("/auth/sessions/{id}")), &admin.access).dispatch();
        assert_eq!(not_theirs.status(), Status::NotFound);
        assert!(!revoked(&app, &admin));
    }
}

#[test]
fn a_session_outlives_the_app_that_began_it() {
    let server = RedisServer::start();
    let pair = App::on(&server).login(DEMO);
    let restarted = App::on(&server);
    assert_eq!(restarted.get("/me", &pair.access).status(), Status::Ok);
    Pair::of(restarted.refresh(&pair));
}
