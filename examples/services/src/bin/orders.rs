//! `cargo run -p example-services --bin orders`

#[rocket::launch]
fn rocket() -> _ {
    example_services::orders::rocket()
}
