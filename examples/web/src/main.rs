//! `cargo run -p example-web`

#[rocket::launch]
fn rocket() -> _ {
    example_web::rocket()
}
