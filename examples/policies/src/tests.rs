//! Who may do what in the wiki, and how other requests are rejected.

use std::time::Duration;

use jwt_auth::testing::{self, AuthRequest, audit};
use rocket::http::{ContentType, Status};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::serde::json::{Value, json};

use crate::accounts::{self, Member};

fn client() -> Client {
    Client::untracked(testing::app(super::rocket())).expect("the app launches")
}

fn member(id: u64) -> Member {
    accounts::find(id).expect("the account exists")
}

fn olga() -> Member {
    member(1)
}

fn eddie() -> Member {
    member(2)
}

fn rita() -> Member {
    member(3)
}

fn gus() -> Member {
    member(4)
}

#[rocket::async_test]
async fn the_access_list_is_up_to_date() {
    let list = audit(super::rocket())
        .caller("owner", &olga())
        .caller("editor", &eddie())
        .caller("reader", &rita())
        .caller("program", &olga().program("pages:read"))
        .caller("owner of another team", &gus())
        .parameter("team", "acme")
        .parameter("title", "lunch")
        .parameter("name", "backup")
        .await;
    list.assert_matches("access.txt");
}

#[test]
fn only_the_team_reads_its_pages_unless_they_are_public() {
    let client = client();
    let read = |path: &'static str| client.get(path);
    for (path, for_everyone, for_team, for_others) in [
        ("/acme/pages/welcome", 200, 200, 200),
        ("/acme/pages/lunch", 404, 200, 404),
        ("/acme/pages/nowhere", 404, 404, 404),
        ("/acme/pages", 401, 200, 404),
        ("/nowhere/pages", 401, 404, 404),
    ] {
        assert_eq!(read(path).dispatch().status().code, for_everyone, "{path}");
        assert_eq!(read(path).as_user(&rita()).dispatch().status().code, for_team, "{path}");
        assert_eq!(
            read(path).as_user(&rita().program("pages:read")).dispatch().status().code,
            for_team,
            "{path}"
        );
        assert_eq!(read(path).as_user(&gus()).dispatch().status().code, for_others, "{path}");
    }
    let program = rita().program("another:scope");
    assert_eq!(read("/acme/pages/lunch").as_user(&program).dispatch().status(), Status::NotFound);
    assert_eq!(read("/acme/pages/welcome").as_expired(&rita()).dispatch().status(), Status::Unauthorized);
}

#[test]
fn a_denied_request_reveals_nothing() {
    let client = client();
    let parts = |response: LocalResponse<'_>| {
        let headers: Vec<String> = response.headers().iter().map(|header| header.to_string()).collect();
        (response.status(), headers, response.into_string())
    };
    let missing = parts(client.get("/acme/pages/nowhere").as_user(&olga()).dispatch());
    assert_eq!(missing.0, Status::NotFound);
    for by in [gus(), rita()] {
        assert_eq!(parts(client.delete("/acme/pages/lunch").as_user(&by).dispatch()), missing);
    }
}

#[test]
fn editors_write_unlocked_pages_and_delete_their_own() {
    let client = client();
    let write =
        |path: &'static str, by: &Member| client.put(path).body("New.").as_user(by).dispatch().status();
    let delete = |path: &'static str, by: &Member| client.delete(path).as_user(by).dispatch().status();
    assert_eq!(write("/acme/pages/news", &rita()), Status::NotFound);
    assert_eq!(write("/acme/pages/news", &gus()), Status::NotFound);
    assert_eq!(write("/acme/pages/news", &eddie().program("pages:read")), Status::NotFound);
    assert_eq!(write("/acme/pages/news", &eddie()), Status::NoContent);

    assert_eq!(write("/acme/pages/rules", &eddie()), Status::NotFound, "the page is locked");
    assert_eq!(write("/acme/pages/rules", &olga()), Status::NoContent);
    let rules = client.get("/acme/pages/rules").as_user(&rita()).dispatch().into_json::<Value>();
    assert_eq!(rules.expect("the body is JSON")["text"], "New.");

    assert_eq!(delete("/acme/pages/rules", &eddie()), Status::NotFound, "Olga is the author");
    assert_eq!(delete("/acme/pages/news", &gus()), Status::NotFound);
    assert_eq!(delete("/acme/pages/news", &eddie()), Status::NoContent);
    assert_eq!(delete("/acme/pages/lunch", &olga()), Status::NoContent);
}

#[test]
fn deleting_all_pages_requires_a_recent_sign_in() {
    let client = client();
    let delete_all = |token: &str| client.delete("/acme/pages").with_bearer(token).dispatch();
    let access = |pair: &Value| pair["access_token"].as_str().expect("a token is a string").to_owned();

    let pair = login(&client, "olga");
    testing::clock(client.rocket()).advance(Duration::from_secs(5 * 60 + 1));
    let refresh = json!({ "refresh_token": pair["refresh_token"] });
    let refreshed: Value = post(&client, "/refresh", &refresh).into_json().expect("the body is JSON");
    for token in [access(&pair), access(&refreshed)] {
        let rejected = delete_all(&token);
        assert_eq!(rejected.status(), Status::Unauthorized);
        let challenge = rejected.headers().get_one("WWW-Authenticate").expect("there is a challenge");
        assert!(challenge.contains(r#"error="insufficient_user_authentication""#), "{challenge}");
        assert!(challenge.contains(r#"max_age="300""#), "{challenge}");
    }
    assert_eq!(delete_all(&access(&login(&client, "eddie"))).status(), Status::NotFound, "not an owner");
    assert_eq!(
        delete_all(&access(&login(&client, "gus"))).status(),
        Status::NotFound,
        "an owner of another team"
    );
    assert_eq!(delete_all(&access(&login(&client, "olga"))).status(), Status::NoContent);
    let titles = client.get("/acme/pages").as_user(&rita()).dispatch().into_json::<Vec<String>>();
    assert_eq!(titles, Some(vec![]));
}

#[test]
fn a_program_can_only_read() {
    let client = client();
    let token = program_token(&client, "backup", &eddie());
    assert_eq!(client.get("/acme/pages").with_bearer(&token).dispatch().status(), Status::Ok);
    assert_eq!(client.get("/globex/pages").with_bearer(&token).dispatch().status(), Status::NotFound);
    assert_eq!(client.delete("/acme/pages/lunch").with_bearer(&token).dispatch().status(), Status::NotFound);
    let another = client.post("/programs/backup/token").with_bearer(&token).dispatch();
    assert_eq!(another.status(), Status::Forbidden);
}

#[test]
fn no_cache_stores_a_token() {
    let client = client();
    let cache_control =
        |response: LocalResponse<'_>| response.headers().get_one("Cache-Control").map(str::to_owned);
    let for_program = cache_control(client.post("/programs/backup/token").as_user(&eddie()).dispatch());
    assert_eq!(for_program.as_deref(), Some("no-store"));
    let login = json!({ "username": "olga", "password": PASSWORD });
    assert_eq!(for_program, cache_control(post(&client, "/login", &login)));
}

#[test]
fn revoking_a_program_revokes_all_its_tokens_and_no_others() {
    let client = client();
    let [one, two] = [(); 2].map(|()| program_token(&client, "backup", &eddie()));
    let others = [program_token(&client, "search", &eddie()), program_token(&client, "backup", &rita())];
    let read = |token: &str| client.get("/acme/pages").with_bearer(token).dispatch().status();
    let revoke = || client.post("/programs/backup/revoke");
    assert_eq!(revoke().with_bearer(&one).dispatch().status(), Status::Forbidden, "a program may not");
    for expected in [Status::NoContent, Status::NotFound] {
        assert_eq!(revoke().as_user(&eddie()).dispatch().status(), expected);
    }
    for token in [&one, &two] {
        assert_eq!(read(token), Status::Unauthorized);
    }
    for token in &others {
        assert_eq!(read(token), Status::Ok);
    }
}

#[test]
fn a_name_that_would_be_shortened_is_refused() {
    let client = client();
    let longest = "x".repeat(64);
    let token = program_token(&client, &longest, &eddie());
    for (name, status) in [(format!("{longest}x"), 422), ("a%0Ab".to_owned(), 422), (longest, 204)] {
        for action in ["token", "revoke"] {
            if (action, status) != ("token", 204) {
                let response = client.post(format!("/programs/{name}/{action}")).as_user(&eddie()).dispatch();
                assert_eq!(response.status().code, status, "{action} {name}");
            }
        }
    }
    assert_eq!(client.get("/acme/pages").with_bearer(&token).dispatch().status(), Status::Unauthorized);
}

#[test]
fn a_token_of_a_program_is_listed_and_outlives_every_other_token() {
    let client = client();
    let token = program_token(&client, "backup", &eddie());
    testing::clock(client.rocket()).advance(Duration::from_secs(60 * 24 * 60 * 60));
    assert_eq!(client.get("/acme/pages").with_bearer(&token).dispatch().status(), Status::Ok);
    let list = |of: &Member| {
        let list = client.get("/programs").as_user(of).dispatch();
        list.into_json::<Vec<Value>>().expect("the body is JSON")
    };
    let listed = list(&eddie());
    assert_eq!((listed.len(), &listed[0]["name"]), (1, &json!("backup")));
    assert_eq!(list(&rita()), Vec::<Value>::new());
    testing::clock(client.rocket()).advance(Duration::from_secs(31 * 24 * 60 * 60));
    assert_eq!(client.get("/acme/pages").with_bearer(&token).dispatch().status(), Status::Unauthorized);
}

#[test]
fn wrong_credentials_are_rejected() {
    let client = client();
    for (username, password) in [("olga", "hunter2"), ("unknown", PASSWORD)] {
        let rejected = post(&client, "/login", &json!({ "username": username, "password": password }));
        assert_eq!(rejected.status(), Status::Unauthorized, "{username}");
    }
}

/// The password of all accounts.
const PASSWORD: &str = "correct horse battery staple";

fn login(client: &Client, username: &str) -> Value {
    let pair = post(client, "/login", &json!({ "username": username, "password": PASSWORD }));
    pair.into_json().expect("the body is JSON")
}

fn program_token(client: &Client, name: &str, of: &Member) -> String {
    let response = client.post(format!("/programs/{name}/token")).as_user(of).dispatch();
    response.into_string().expect("the body is text")
}

fn post<'c>(client: &'c Client, path: &'static str, body: &Value) -> LocalResponse<'c> {
    client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch()
}
