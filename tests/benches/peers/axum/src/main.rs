//! `GET /open` and `/axum-jwt-auth`, on one thread. The port comes from the environment.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use axum_jwt_auth::{Claims, Decoder, LocalDecoder};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};

const BODY: &str = r#"{"ok":true}"#;
const SECRET: &str = include_str!("../../secret.txt");

#[derive(Clone, Serialize, Deserialize)]
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

#[derive(Clone, FromRef)]
struct State {
    decoder: Decoder<Token>,
}

async fn open() -> &'static str {
    BODY
}

async fn protected(token: Claims<Token>) -> &'static str {
    std::hint::black_box(token);
    BODY
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["https://auth.example.com"]);
    validation.set_audience(&["api.example.com"]);
    let keys = vec![DecodingKey::from_secret(SECRET.as_bytes())];
    let decoder =
        LocalDecoder::builder().keys(keys).validation(validation).build().expect("the decoder is complete");
    let app = Router::new()
        .route("/open", get(open))
        .route("/axum-jwt-auth", get(protected))
        .with_state(State { decoder: Arc::new(decoder) });
    let port = std::env::var("PORT").expect("PORT is set");
    let listener =
        tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    axum::serve(listener, app).await.expect("the server runs");
}
