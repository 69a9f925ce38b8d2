use rocket::http::{Header, Status};
use rocket::local::blocking::Client;
use rocket::serde::json::Value;

#[test]
fn hello() {
    let client = Client::untracked(super::rocket()).expect("the app launches");
    let stranger = client.get("/hello").dispatch();
    assert_eq!(stranger.status(), Status::Unauthorized);
    assert_eq!(stranger.headers().get_one("WWW-Authenticate"), Some(r#"Bearer realm="api""#));

    let pair: Value = client.post("/login").body("Ada").dispatch().into_json().expect("a pair");
    assert_eq!(greeting(&client, &pair), "Hello, Ada!");
    let token = pair["refresh_token"].as_str().expect("a token");
    let pair: Value = client.post("/refresh").body(token).dispatch().into_json().expect("a pair");
    assert_eq!(greeting(&client, &pair), "Hello, Ada!");
}

#[test]
fn the_readme_shows_this_app() {
    let (_, code) = include_str!("main.rs").split_once("\n\n").expect("the file begins with its docs");
    let app = code.trim_end().trim_end_matches("#[cfg(test)]\nmod tests;").trim_end();
    assert!(
        include_str!("../../../README.md").contains(app),
        "the README shows another app than this:\n{app}"
    );
}

fn greeting(client: &Client, pair: &Value) -> String {
    let token = pair["access_token"].as_str().expect("a token");
    let header = Header::new("Authorization", format!("Bearer {token}"));
    client.get("/hello").header(header).dispatch().into_string().expect("text")
}
