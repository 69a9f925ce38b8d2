use jwt_auth::Claims;

#[derive(Claims)]
union User {
    id: u64,
    number: i64,
}

fn main() {}
