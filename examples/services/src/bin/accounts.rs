//! `cargo run -p example-services --bin accounts`

#[rocket::launch]
fn rocket() -> _ {
    example_services::accounts::rocket()
}
