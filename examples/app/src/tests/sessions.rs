//! The list of sessions.

use rocket::http::{ContentType, Header, Status};
use rocket::serde::json::{Value, json};

use super::client::{Pair, on_every_store};
use super::{ADMIN, DEMO};

/// The fields of a listed session.
const FIELDS: [&str; 10] = [
    "created_at",
    "current",
    "ends_at",
    "expires_at",
    "id",
    "ip",
    "label",
    "last_used_at",
    "refreshable",
    "user_agent",
];

const UNKNOWN_SESSION: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn users_list_and_end_their_own_sessions() {
    on_every_store(|app| {
        let (phone, laptop, admin) = (app.login(DEMO), app.login(DEMO), app.login(ADMIN));
        let sessions = app.sessions(&laptop);
        assert_eq!(sessions.len(), 2);
        for session in &sessions {
            let fields = session.as_object().expect("a session is an object").keys();
            assert!(fields.eq(FIELDS), "{session}");
        }
        let id_of = |current: bool| {
            let session = sessions.iter().find(|session| session["current"] == current);
            session.expect("there is one of each")["id"].as_str().expect("an id is a string").to_owned()
        };
        let (own, other) = (id_of(true), id_of(false));

        assert_eq!(app.end_session(&other, &admin), Status::NotFound, "another user's session");
        assert_eq!(app.end_session(UNKNOWN_SESSION, &laptop), Status::NotFound);
        assert_eq!(app.end_session("rubbish", &laptop), Status::UnprocessableEntity);
        assert_eq!(app.get("/me", &phone.access).status(), Status::Ok);

        assert_eq!(app.end_session(&other, &laptop), Status::NoContent);
        app.assert_ended(&phone);
        assert_eq!(app.end_session(&other, &laptop), Status::NotFound, "it has ended");
        assert_eq!(app.sessions(&laptop).len(), 1);
        assert_eq!(app.end_session(&own, &laptop), Status::NoContent);
        app.assert_ended(&laptop);
    });
}

#[test]
fn a_session_shows_the_device_of_its_login() {
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
        let pair = app.login(DEMO);
        let sessions = app.sessions(&pair);
        let session = sessions.iter().find(|session| session["current"] == true).expect("it is listed");
        for field in ["user_agent", "label", "ip"] {
            assert_eq!(session[field], Value::Null, "{field}");
        }
    });
}
