//! A Redis that is unavailable, and one that has lost its data.

use rocket::http::Status;
use rocket::serde::json::json;

use super::client::{App, Pair, bearer, error};
use super::redis_server::RedisServer;
use super::{ADMIN, DEMO, soon};

#[test]
fn no_session_ends_while_redis_is_unavailable() {
    let mut server = RedisServer::start();
    let app = App::on(&server);
    let pair = app.login(DEMO);
    server.command("SAVE");
    server.stop();
    for (path, body) in [
        ("/auth/refresh", json!({ "refresh_token": pair.refresh })),
        ("/auth/logout", json!({ "refresh_token": pair.refresh })),
        ("/auth/login", json!({ "username": DEMO.0, "password": DEMO.1 })),
    ] {
        let failed = app.post(path, &body);
        assert_eq!(failed.status(), Status::ServiceUnavailable, "{path}");
        assert_eq!(failed.headers().get_one("Retry-After"), Some("1"), "{path}");
        assert_eq!(error(failed), "temporarily_unavailable", "{path}");
    }
    assert_eq!(app.get("/me", &pair.access).status(), Status::Ok, "this does not need Redis");

    server.restart();
    Pair::of(app.refresh(&pair));
}

#[test]
fn sessions_that_redis_has_lost_can_still_be_ended() {
    let server = RedisServer::start();
    let (app, other) = (App::on(&server), App::on(&server));
    let is_revoked = |app: &App, pair: &Pair| app.get("/me", &pair.access).status() == Status::Unauthorized;
    for everywhere in [true, false] {
        let (pair, admin) = (app.login(DEMO), app.login(ADMIN));
        let id = app.sessions(&pair)[0]["id"].as_str().expect("an id is a string").to_owned();
        server.command("FLUSHDB");
        let end = match everywhere {
            true => app.client.post("/auth/logout-all"),
            false => app.client.delete(format!("/auth/sessions/{id}")),
        };
        assert_eq!(bearer(end, &pair.access).dispatch().status(), Status::NoContent);
        assert!(is_revoked(&app, &pair));
        assert!(soon(|| is_revoked(&other, &pair)), "the other process rejects it, too");

        assert_eq!(app.end_session(&id, &admin), Status::NotFound, "another user's session");
        assert!(!is_revoked(&app, &admin));
    }
}

#[test]
fn sessions_outlive_a_restart_of_the_app() {
    let server = RedisServer::start();
    let pair = App::on(&server).login(DEMO);
    let restarted = App::on(&server);
    assert_eq!(restarted.get("/me", &pair.access).status(), Status::Ok);
    Pair::of(restarted.refresh(&pair));
}
