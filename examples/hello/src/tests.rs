//! The session of a user, from the login on.

use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::serde::json::Value;

#[test]
fn hello_requires_a_token() {
    let client = Client::untracked(super::rocket()).expect("the app launches");
    let anonymous = client.get("/hello").dispatch();
    assert_eq!(anonymous.status(), Status::Unauthorized);
    assert_eq!(anonymous.headers().get_one("WWW-Authenticate"), Some(r#"Bearer realm="api""#));

    let pair: Value = client.post("/login").body("Ada").dispatch().into_json().expect("the body is JSON");
    assert_eq!(greeting(&client, &pair), "Hello, Ada!");
    let token = pair["refresh_token"].as_str().expect("a token is a string");
    let pair: Value = client.post("/refresh").body(token).dispatch().into_json().expect("the body is JSON");
    assert_eq!(greeting(&client, &pair), "Hello, Ada!");
}

fn greeting(client: &Client, pair: &Value) -> String {
    let token = pair["access_token"].as_str().expect("a token is a string");
    let header = Header::new("Authorization", format!("Bearer {token}"));
    client.get("/hello").header(header).dispatch().into_string().expect("the body is text")
}
