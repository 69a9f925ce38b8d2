//! The size of a session cookie.

use rocket::{Orbit, Rocket};

use super::{auth, login};
use crate::claims::Claims;

/// Returns the size of the larger session cookie of a user with these claims, in bytes: its name and its value. Browsers
/// store at most 4096 bytes, so test it with the user who has the most roles.
///
/// # Panics
///
/// The app was not prepared by [`app`](super::app), or has no session cookies, or the claims cannot be put into a token.
///
/// # Example
///
/// ```
/// # use jwt_auth::{Claims, JwtAuth};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { id: u64, roles: Vec<String> }
/// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
/// use jwt_auth::testing;
/// use rocket::local::blocking::Client;
///
/// let app = rocket::build().attach(JwtAuth::fairing().cookies());
/// let client = Client::tracked(testing::app(app)).unwrap();
/// let admin = User { id: 1, roles: vec!["administrator".to_owned(); 20] };
/// assert!(testing::cookie_size(client.rocket(), &admin) < 4096);
/// ```
pub fn cookie_size<C: Claims>(rocket: &Rocket<Orbit>, claims: &C) -> usize {
    let cookies =
        auth(rocket).cookies().expect("the app has session cookies: `JwtAuth::fairing().cookies()`");
    let pair = login(rocket, claims);
    let access = cookies.access_name().len() + pair.access_token.len();
    access.max(cookies.refresh_name().len() + pair.refresh_token.len())
}
