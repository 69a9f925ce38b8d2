use jwt_auth::require_auth;

#[require_auth]
fn index() {}

fn main() {}
