//! The app without observers.

use jwt_auth::JwtAuth;
use rocket::launch;

#[launch]
fn rocket() -> _ {
    peer_rocket::app(JwtAuth::fairing())
}
