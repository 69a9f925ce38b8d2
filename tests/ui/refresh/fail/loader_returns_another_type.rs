use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

async fn refresh(auth: &JwtAuth, token: &str) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |id: u64| User { id }).await
}

fn main() {}
