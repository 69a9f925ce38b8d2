use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn find(id: u64) -> Option<User> {
    Some(User { id })
}

async fn by_function(auth: &JwtAuth, token: &str) -> Result<TokenPair, AuthError> {
    auth.refresh(token, find).await
}

async fn by_closure(auth: &JwtAuth, token: &str) -> Result<TokenPair, AuthError> {
    auth.refresh(token, |id: u64| find(id)).await
}

fn main() {}
