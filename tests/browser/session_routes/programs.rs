//! Programs, which send and get tokens as JSON.

use jwt_auth::TokenPair;
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use serde_json::{Value, json};

use super::program;

async fn post<'c>(client: &'c Client, path: &'c str, body: &str) -> LocalResponse<'c> {
    client.post(path).header(ContentType::JSON).body(body).dispatch().await
}

async fn login(client: &Client) -> Value {
    let login = json!({ "name": "ann", "password": "right" }).to_string();
    let response = post(client, "/auth/login", &login).await;
    assert_eq!(response.status(), Status::Ok);
    assert_eq!(response.headers().get("Set-Cookie").count(), 0);
    response.into_json().await.expect("the body is JSON")
}

fn refresh_token(pair: &Value) -> String {
    json!({ "refresh_token": pair["refresh_token"] }).to_string()
}

#[rocket::async_test]
async fn a_session_lasts_from_login_to_logout() {
    let client = program().await;
    let first = login(&client).await;
    assert_eq!((&first["token_type"], &first["expires_in"]), (&json!("bearer"), &json!(900)));
    let second: Value =
        post(&client, "/auth/refresh", &refresh_token(&first)).await.into_json().await.expect("JSON");
    let header =
        Header::new("Authorization", format!("Bearer {}", second["access_token"].as_str().expect("a token")));
    let session = client.get("/auth/session").header(header.clone()).dispatch().await;
    assert_eq!(session.into_json::<Value>().await.expect("JSON")["subject"], "ann");

    let logout = post(&client, "/auth/logout", &refresh_token(&second)).await;
    assert_eq!((logout.status(), logout.headers().get("Set-Cookie").count()), (Status::NoContent, 0));
    assert_eq!(post(&client, "/auth/logout", &refresh_token(&second)).await.status(), Status::NoContent);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&second)).await.status(), Status::Unauthorized);
    assert_eq!(client.get("/auth/session").header(header).dispatch().await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_header_alone_signs_out() {
    let client = program().await;
    let pair = login(&client).await;
    let header =
        Header::new("Authorization", format!("Bearer {}", pair["access_token"].as_str().expect("a token")));
    let logout = client.post("/auth/logout").header(header).dispatch().await;
    assert_eq!(logout.status(), Status::NoContent);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&pair)).await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_refresh_token_in_the_body_decides_alone() {
    let client = program().await;
    let (phone, laptop) = (login(&client).await, login(&client).await);
    let header =
        Header::new("Authorization", format!("Bearer {}", phone["access_token"].as_str().expect("a token")));
    let logout = client.post("/auth/logout").header(header).body(refresh_token(&laptop)).dispatch().await;
    assert_eq!(logout.status(), Status::NoContent);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&laptop)).await.status(), Status::Unauthorized);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&phone)).await.status(), Status::Ok);
}

/// RFC 7009, section 2.1: a server that is given an access token may end the whole session.
#[rocket::async_test]
async fn an_access_token_in_the_body_ends_the_session_that_it_names() {
    let client = program().await;
    let (phone, laptop) = (login(&client).await, login(&client).await);
    let body = json!({ "refresh_token": phone["access_token"] }).to_string();
    assert_eq!(post(&client, "/auth/logout", &body).await.status(), Status::NoContent);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&phone)).await.status(), Status::Unauthorized);
    assert_eq!(post(&client, "/auth/refresh", &refresh_token(&laptop)).await.status(), Status::Ok);
    let refresh = json!({ "refresh_token": laptop["access_token"] }).to_string();
    let refused = post(&client, "/auth/refresh", &refresh).await;
    assert_eq!(refused.status(), Status::Unauthorized, "an access token gets no successor");
}

/// A file or a shell variable with a token often ends with a line break.
#[rocket::async_test]
async fn white_space_around_a_token_is_ignored() {
    let client = program().await;
    let first = login(&client).await;
    let padded = |pair: &Value| {
        let token = pair["refresh_token"].as_str().expect("a token");
        json!({ "refresh_token": format!(" {token}\r\n") }).to_string()
    };
    let refreshed = post(&client, "/auth/refresh", &padded(&first)).await;
    assert_eq!(refreshed.status(), Status::Ok);
    let second: Value = refreshed.into_json().await.expect("JSON");
    assert_eq!(post(&client, "/auth/logout", &padded(&second)).await.status(), Status::NoContent);
    assert_eq!(post(&client, "/auth/refresh", &padded(&second)).await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_malformed_body_is_answered_with_the_name_of_the_field() {
    let client = program().await;
    for (path, body, field) in [
        ("/auth/login", r#"{"password":"right"}"#, "name"),
        ("/auth/login", r#"{"name":"ann","password":5}"#, "password"),
        ("/auth/refresh", "{}", "refresh_token"),
        ("/auth/refresh", r#"{"refresh_token":5}"#, "refresh_token"),
    ] {
        let response: Value = post(&client, path, body).await.into_json().await.expect("JSON");
        assert_eq!(response["field"], field, "{path} {body}");
    }
    let list = post(&client, "/auth/login", r#"["ann","right"]"#).await;
    assert_eq!(list.status(), Status::UnprocessableEntity, "a list is not an object");
}

#[rocket::async_test]
async fn malformed_bodies_are_rejected() {
    let client = program().await;
    for (path, body, status) in [
        ("/auth/login", "", 400),
        ("/auth/login", "{", 400),
        ("/auth/login", "{}", 422),
        ("/auth/login", "null", 422),
        ("/auth/refresh", "", 400),
        ("/auth/refresh", "rubbish", 400),
        ("/auth/refresh", "{}", 422),
        ("/auth/refresh", r#"{"refresh_token":5}"#, 422),
        ("/auth/refresh", r#"{"refresh_token":""}"#, 401),
        ("/auth/logout", "", 400),
        ("/auth/logout", "{}", 422),
    ] {
        assert_eq!(post(&client, path, body).await.status().code, status, "{path} {body}");
    }
    let long = format!(r#"{{"refresh_token":"{}"}}"#, "a".repeat(100_000));
    for path in ["/auth/login", "/auth/refresh", "/auth/logout"] {
        assert_eq!(post(&client, path, &long).await.status(), Status::PayloadTooLarge, "{path}");
    }
}

#[rocket::async_test]
async fn a_pair_that_the_test_kit_issued_is_refreshed_by_its_loader() {
    let client = program().await;
    for (name, status) in [("ann", Status::Ok), ("deleted", Status::Unauthorized)] {
        let pair: TokenPair = jwt_auth::testing::login(client.rocket(), &jwt_auth_tests::user(name));
        let body = json!({ "refresh_token": pair.refresh_token }).to_string();
        assert_eq!(post(&client, "/auth/refresh", &body).await.status(), status, "{name}");
    }
}
