use jwt_auth::require_auth;

#[require_auth]
struct Index;

fn main() {}
