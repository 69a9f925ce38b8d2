//! Support for testing an app: signed-in users without keys and without Redis, a manual clock, and an [`audit`] of all
//! routes. Enable the feature `testing` in `[dev-dependencies]`. The guide has a page about
//! [tests](crate::guide::testing).
//!
//! ```
//! # #[cfg(feature = "macros")] mod app {
//! # use jwt_auth::{Auth, Claims, JwtAuth, require_auth};
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Claims, Serialize, Deserialize)]
//! # pub struct User { #[claims(subject)] pub name: String }
//! # #[require_auth]
//! # #[rocket::get("/hello")]
//! # fn hello(user: Auth<User>) -> String { format!("Hello, {}!", user.name) }
//! # pub fn rocket() -> rocket::Rocket<rocket::Build> {
//! #     rocket::build().attach(JwtAuth::fairing()).mount("/", jwt_auth::routes![hello])
//! # }
//! # }
//! # #[cfg(feature = "macros")] {
//! # use app::{User, rocket};
//! use std::time::Duration;
//!
//! use jwt_auth::testing::{self, AuthRequest};
//! use ::rocket::http::Status;
//! use ::rocket::local::blocking::Client;
//!
//! let client = Client::tracked(testing::app(rocket())).unwrap();
//! let ann = User { name: "Ann".to_owned() };
//!
//! let hello = client.get("/hello").as_user(&ann).dispatch();
//! assert_eq!(hello.into_string().unwrap(), "Hello, Ann!");
//! assert_eq!(client.get("/hello").as_expired(&ann).dispatch().status(), Status::Unauthorized);
//!
//! let pair = testing::login(client.rocket(), &ann);
//! testing::clock(client.rocket()).advance(Duration::from_secs(60 * 60));
//! let later = client.get("/hello").with_session(&pair).dispatch();
//! assert_eq!(later.status(), Status::Unauthorized, "an access token is valid for 15 minutes");
//! # }
//! ```

mod audit;
mod browser;
mod compatibility;
mod cookie_size;
mod request;
mod sessions;
mod snapshot;

use std::sync::Arc;
use std::time::SystemTime;

use rocket::{Build, Orbit, Rocket};

pub use self::audit::{AccessList, Audit, audit};
pub use self::browser::{Browser, BrowserRequest, BrowserResponse, Page, browser};
pub use self::compatibility::assert_readable;
pub use self::cookie_size::cookie_size;
pub use self::request::AuthRequest;
use crate::claims::Claims;
use crate::clock::{ManualClock, Timestamp};
use crate::fairing::TestClock;
use crate::jwt_auth::JwtAuth;
use crate::session::TokenPair;

/// Prepares an app for a test. Its fairing then
///
/// - keeps sessions in memory,
/// - signs with a random secret, whatever keys and algorithm are configured, and gives each of the trusted `issuers` a
///   random secret as well,
/// - uses a [`clock`] that starts near the current time, and moves only when the test moves it.
///
/// All other settings stay the same.
pub fn app(rocket: Rocket<Build>) -> Rocket<Build> {
    let clock = ManualClock::at(Timestamp::from_secs(Timestamp::from(SystemTime::now()).as_secs()));
    rocket.manage(TestClock(Arc::new(clock.clone()))).manage(clock)
}

/// Returns the clock of an app that was prepared by [`app`].
///
/// # Panics
///
/// Panics if the app was not prepared.
pub fn clock(rocket: &Rocket<Orbit>) -> &ManualClock {
    rocket.state().expect("the app must be prepared for tests: `testing::app(rocket())`")
}

/// Begins a session as a login does, and returns its tokens.
///
/// # Panics
///
/// Panics if the app was not prepared by [`app`], or if the claims cannot be put into a token. Also panics if the
/// claims belong to a trusted issuer, whose sessions do not begin in this app: for these, use
/// [`as_user`](AuthRequest::as_user).
pub fn login<C: Claims>(rocket: &Rocket<Orbit>, claims: &C) -> TokenPair {
    clock(rocket);
    auth(rocket).login_at_once(claims).unwrap_or_else(|error| panic!("the user cannot sign in: {error:?}"))
}

fn auth(rocket: &Rocket<Orbit>) -> &JwtAuth {
    rocket.state().expect("`JwtAuth::fairing()` must be attached to the app")
}
