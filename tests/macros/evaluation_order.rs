//! The decision is made before any part of the request is parsed.

use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::require_auth;
use rocket::data::{self, Data, FromData};
use rocket::http::Status;
use rocket::request::{FromParam, Request};
use rocket::{async_trait, post};

use crate::app::{Role, User, client, user, with_token};

static PARSED: AtomicUsize = AtomicUsize::new(0);

pub(crate) struct Recorder;

impl FromParam<'_> for Recorder {
    type Error = ();

    fn from_param(_: &str) -> Result<Self, ()> {
        PARSED.fetch_add(1, Ordering::Relaxed);
        Ok(Self)
    }
}

#[async_trait]
impl<'r> FromData<'r> for Recorder {
    type Error = ();

    async fn from_data(_: &'r Request<'_>, _: Data<'r>) -> data::Outcome<'r, Self> {
        PARSED.fetch_add(1, Ordering::Relaxed);
        data::Outcome::Success(Self)
    }
}

#[require_auth(User, role = Role::Admin)]
#[post("/<path>", data = "<body>")]
pub(crate) fn record(path: Recorder, body: Recorder) {
    let _ = (path, body);
}

#[test]
fn nothing_is_parsed_for_a_rejected_request() {
    let client = client(jwt_auth::routes![record]);
    let post = || client.post("/path").body("body");
    assert_eq!(post().dispatch().status(), Status::Unauthorized);
    assert_eq!(with_token(post(), &user([], "")).dispatch().status(), Status::Forbidden);
    assert_eq!(PARSED.load(Ordering::Relaxed), 0);
    assert_eq!(with_token(post(), &user([Role::Admin], "")).dispatch().status(), Status::Ok);
    assert_eq!(PARSED.load(Ordering::Relaxed), 2);
}
