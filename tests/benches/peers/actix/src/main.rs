//! `GET /open` and `/jsonwebtoken`, on one worker. The port comes from the environment.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::ErrorUnauthorized;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{App, FromRequest, HttpRequest, HttpServer, get, web};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::{Deserialize, Serialize};

const BODY: &str = r#"{"ok":true}"#;
const SECRET: &str = include_str!("../../secret.txt");

#[derive(Serialize, Deserialize)]
struct Token {
    sub: String,
    username: String,
    roles: Vec<String>,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    jti: String,
}

struct Rules(DecodingKey, Validation);

impl FromRequest for Token {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Rules(key, validation) = &***request.app_data::<web::Data<Rules>>().expect("the rules are set");
        let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer "));
        let decoded = token.and_then(|token| decode::<Self>(token, key, validation).ok());
        ready(decoded.map(|decoded| decoded.claims).ok_or_else(|| ErrorUnauthorized("")))
    }
}

#[get("/open")]
async fn open() -> &'static str {
    BODY
}

#[get("/jsonwebtoken")]
async fn protected(token: Token) -> &'static str {
    std::hint::black_box(token);
    BODY
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["https://auth.example.com"]);
    validation.set_audience(&["api.example.com"]);
    let rules = web::Data::new(Rules(DecodingKey::from_secret(SECRET.as_bytes()), validation));
    let port = std::env::var("PORT").expect("PORT is set").parse().expect("PORT is a port number");
    HttpServer::new(move || App::new().app_data(rules.clone()).service(open).service(protected))
        .workers(1)
        .bind(("127.0.0.1", port))?
        .run()
        .await
}
