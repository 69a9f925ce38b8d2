use jwt_auth::Claims;

#[derive(Claims)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

fn main() {}
