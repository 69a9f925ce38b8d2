//! Checks that take the app's own request guards, and that return errors.

use jwt_auth::{AuthError, Denial, require_auth};
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{async_trait, get};

use crate::app::{User, client, get, user, with_token};

struct Hour(u8);

#[async_trait]
impl<'r> FromRequest<'r> for Hour {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, &'static str> {
        match request.headers().get_one("Hour").map(str::parse) {
            Some(Ok(hour)) => Outcome::Success(Self(hour)),
            Some(Err(_)) => Outcome::Error((Status::ImATeapot, "not an hour")),
            None => Outcome::Forward(Status::NotFound),
        }
    }
}

#[require_auth(User, check = |_, hour: Hour| (8..18).contains(&hour.0))]
#[get("/open")]
fn open() {}

#[require_auth(User, check = |user| match user.id {
    7 => Err(AuthError::InsufficientScope(Denial::new("not on a Friday"))),
    id => Ok(id == 8),
})]
#[get("/own/words")]
fn own_words() {}

#[test]
fn the_failure_of_a_guard_is_the_response() {
    let client = client(jwt_auth::routes![open]);
    for (hour, expected) in [(Some("9"), 200), (Some("20"), 403), (Some("x"), 418), (None, 404)] {
        let mut request = with_token(client.get("/open"), &user([], ""));
        if let Some(hour) = hour {
            request = request.header(rocket::http::Header::new("Hour", hour));
        }
        assert_eq!(request.dispatch().status().code, expected, "{hour:?}");
    }
}

#[test]
fn an_auth_error_is_returned_unchanged() {
    let client = client(jwt_auth::routes![own_words]);
    for (id, expected) in [(7, 403), (8, 200), (9, 403)] {
        assert_eq!(get(&client, "/own/words", &User { id, ..user([], "") }).0.code, expected);
    }
}
