use jwt_auth::public;

#[public]
mod routes {}

fn main() {}
