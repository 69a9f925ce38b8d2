//! `cargo run -p example-openapi`

#[rocket::launch]
fn rocket() -> _ {
    example_openapi::rocket()
}
