use jwt_auth::routes;

fn index() {}

fn all_routes() -> Vec<rocket::Route> {
    routes![index]
}

fn main() {}
