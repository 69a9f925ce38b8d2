use jwt_auth::public;

#[public]
fn index() {}

fn main() {}
