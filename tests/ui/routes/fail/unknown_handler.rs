use jwt_auth::routes;

fn all_routes() -> Vec<rocket::Route> {
    routes![index]
}

fn main() {}
