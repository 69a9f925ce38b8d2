//! Who may do what, and what those are told who may not.

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
    accounts::find(id).expect("there is such a member")
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
async fn who_may_call_what_is_as_the_access_list_says() {
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
fn a_page_is_its_teams() {
    let client = client();
    let read = |path: &'static str| client.get(path);
    for (path, everyone, team, others) in [
        ("/acme/pages/welcome", 200, 200, 200),
        ("/acme/pages/lunch", 404, 200, 404),
        ("/acme/pages/nowhere", 404, 404, 404),
        ("/acme/pages", 401, 200, 403),
        ("/nowhere/pages", 401, 403, 403),
    ] {
        assert_eq!(read(path).dispatch().status().code, everyone, "{path}");
        assert_eq!(read(path).as_user(&rita()).dispatch().status().code, team, "{path}");
        assert_eq!(
            read(path).as_user(&rita().program("pages:read")).dispatch().status().code,
            team,
            "{path}"
        );
        assert_eq!(read(path).as_user(&gus()).dispatch().status().code, others, "{path}");
    }
    let program = rita().program("another:scope");
    assert_eq!(read("/acme/pages/lunch").as_user(&program).dispatch().status(), Status::NotFound);
    assert_eq!(read("/acme/pages/welcome").as_expired(&rita()).dispatch().status(), Status::Unauthorized);
}

#[test]
fn editors_write_what_is_not_locked_and_delete_what_is_theirs() {
    let client = client();
    let write =
        |path: &'static str, by: &Member| client.put(path).body("New.").as_user(by).dispatch().status();
    let delete = |path: &'static str, by: &Member| client.delete(path).as_user(by).dispatch().status();
    assert_eq!(write("/acme/pages/news", &rita()), Status::Forbidden);
    assert_eq!(write("/acme/pages/news", &gus()), Status::Forbidden);
    assert_eq!(write("/acme/pages/news", &eddie().program("pages:read")), Status::Forbidden);
    assert_eq!(write("/acme/pages/news", &eddie()), Status::NoContent);

    assert_eq!(write("/acme/pages/rules", &eddie()), Status::Forbidden, "it is locked");
    assert_eq!(write("/acme/pages/rules", &olga()), Status::NoContent);
    let rules = client.get("/acme/pages/rules").as_user(&rita()).dispatch().into_json::<Value>();
    assert_eq!(rules.expect("a page")["text"], "New.");

    assert_eq!(delete("/acme/pages/rules", &eddie()), Status::Forbidden, "it is Olga's");
    assert_eq!(delete("/acme/pages/news", &gus()), Status::Forbidden);
    assert_eq!(delete("/acme/pages/news", &eddie()), Status::NoContent);
    assert_eq!(delete("/acme/pages/lunch", &olga()), Status::NoContent);
}

#[test]
fn what_cannot_be_undone_asks_for_a_new_sign_in() {
    let client = client();
    let delete_all = |token: &str| client.delete("/acme/pages").with_bearer(token).dispatch();
    let access = |pair: &Value| pair["access_token"].as_str().expect("a token").to_owned();

    let pair = login(&client, "olga");
    testing::clock(client.rocket()).advance(Duration::from_secs(5 * 60 + 1));
    let refresh = json!({ "refresh_token": pair["refresh_token"] });
    let refreshed: Value = post(&client, "/refresh", &refresh).into_json().expect("a pair");
    for token in [access(&pair), access(&refreshed)] {
        let refused = delete_all(&token);
        assert_eq!(refused.status(), Status::Unauthorized);
        let challenge = refused.headers().get_one("WWW-Authenticate").expect("a challenge");
        assert!(challenge.contains(r#"error="insufficient_user_authentication""#), "{challenge}");
        assert!(challenge.contains(r#"max_age="300""#), "{challenge}");
    }
    assert_eq!(delete_all(&access(&login(&client, "eddie"))).status(), Status::Forbidden, "no owner");
    assert_eq!(delete_all(&access(&login(&client, "gus"))).status(), Status::Forbidden, "of another team");
    assert_eq!(delete_all(&access(&login(&client, "olga"))).status(), Status::NoContent);
    let titles = client.get("/acme/pages").as_user(&rita()).dispatch().into_json::<Vec<String>>();
    assert_eq!(titles, Some(vec![]));
}

#[test]
fn a_program_gets_a_token_that_reads_and_no_more() {
    let client = client();
    let token = program_token(&client, "backup", &eddie());
    assert_eq!(client.get("/acme/pages").with_bearer(&token).dispatch().status(), Status::Ok);
    assert_eq!(client.get("/globex/pages").with_bearer(&token).dispatch().status(), Status::Forbidden);
    assert_eq!(client.delete("/acme/pages/lunch").with_bearer(&token).dispatch().status(), Status::Forbidden);
    let another = client.post("/programs/backup/token").with_bearer(&token).dispatch();
    assert_eq!(another.status(), Status::Forbidden);
}

#[test]
fn no_cache_keeps_a_token() {
    let client = client();
    let cache_control =
        |answer: LocalResponse<'_>| answer.headers().get_one("Cache-Control").map(str::to_owned);
    let for_program = cache_control(client.post("/programs/backup/token").as_user(&eddie()).dispatch());
    assert_eq!(for_program.as_deref(), Some("no-store"));
    let login = json!({ "username": "olga", "password": PASSWORD });
    assert_eq!(for_program, cache_control(post(&client, "/login", &login)));
}

#[test]
fn a_program_that_was_withdrawn_reads_no_more_and_others_do() {
    let client = client();
    let [one, two] = [(); 2].map(|()| program_token(&client, "backup", &eddie()));
    let others = [program_token(&client, "search", &eddie()), program_token(&client, "backup", &rita())];
    let read = |token: &str| client.get("/acme/pages").with_bearer(token).dispatch().status();
    let withdraw = || client.post("/programs/backup/withdraw");
    assert_eq!(withdraw().with_bearer(&one).dispatch().status(), Status::Forbidden, "not by a program");
    for _ in 0..2 {
        assert_eq!(withdraw().as_user(&eddie()).dispatch().status(), Status::NoContent);
    }
    for token in [&one, &two] {
        assert_eq!(read(token), Status::Unauthorized);
    }
    for token in &others {
        assert_eq!(read(token), Status::Ok);
    }
}

#[test]
fn a_wrong_password_is_no_sign_in() {
    let client = client();
    for (username, password) in [("olga", "hunter2"), ("nobody", PASSWORD)] {
        let refused = post(&client, "/login", &json!({ "username": username, "password": password }));
        assert_eq!(refused.status(), Status::Unauthorized, "{username}");
    }
}

/// That of all accounts.
const PASSWORD: &str = "correct horse battery staple";

fn login(client: &Client, username: &str) -> Value {
    let pair = post(client, "/login", &json!({ "username": username, "password": PASSWORD }));
    pair.into_json().expect("a pair")
}

fn program_token(client: &Client, name: &str, of: &Member) -> String {
    let answer = client.post(format!("/programs/{name}/token")).as_user(of).dispatch();
    answer.into_string().expect("a token")
}

fn post<'c>(client: &'c Client, path: &'static str, body: &Value) -> LocalResponse<'c> {
    client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch()
}
