//! The page that shows the document.

use rocket::http::Status;
use rocket::local::blocking::Client;

use super::client;

#[test]
fn the_page_loads_only_files_of_this_app() {
    let client = client();
    let redirect = client.get("/docs").dispatch();
    assert_eq!(redirect.headers().get_one("Location"), Some("/docs/index.html"));

    let html = text(&client, "/docs/index.html");
    let attributes = html.split(['\'', '"']).filter(|value| value.starts_with("./"));
    let files: Vec<&str> = attributes.map(|value| &value[2..]).collect();
    assert!(files.contains(&"swagger-ui-bundle.js"), "{html}");
    for file in files {
        text(&client, &format!("/docs/{file}"));
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
    assert!(text(&client, "/docs/swagger-initializer.js").contains("/openapi.json"));
    assert_eq!(client.get("/docs/rubbish.js").dispatch().status(), Status::NotFound);
}

fn text(client: &Client, path: &str) -> String {
    let response = client.get(path).dispatch();
    assert_eq!(response.status(), Status::Ok, "{path}");
    let policy = response.headers().get_one("Content-Security-Policy").expect("there is a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    String::from_utf8_lossy(&response.into_bytes().expect("there is a body")).into_owned()
}
