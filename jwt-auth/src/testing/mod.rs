//! For the tests of apps: users who are signed in, without keys, without Redis, and a clock that is set by
//! hand; and an [`audit`] of all routes. Feature `testing`, for `[dev-dependencies]`.
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
//! assert_eq!(later.status(), Status::Unauthorized, "an access token lives for a quarter of an hour");
//! # }
//! ```

mod audit;
mod circulation;
mod request;
mod sessions;
mod snapshot;

use std::time::SystemTime;

use rocket::{Build, Orbit, Rocket};

pub use self::audit::{AccessList, Audit, audit};
pub use self::circulation::in_circulation;
pub use self::request::AuthRequest;
use crate::claims::Claims;
use crate::clock::{ManualClock, Timestamp};
use crate::jwt_auth::JwtAuth;
use crate::refresh::TokenPair;

/// The app, made ready for a test: in place of the fairing that it attached stands one that
///
/// - keeps sessions in memory,
/// - signs with a secret made up at launch, whatever keys and algorithm are configured; so do the other `issuers`,
///   each with one of its own,
/// - takes the time from a [`clock`] that stands still, at first near that of the system.
///
/// All other settings are those of the app.
pub fn app(rocket: Rocket<Build>) -> Rocket<Build> {
    let clock = ManualClock::at(Timestamp::from_secs(Timestamp::from(SystemTime::now()).as_secs()));
    // Rocket keeps the last of several fairings of this kind.
    rocket.attach(JwtAuth::fairing().for_tests(clock.clone())).manage(clock)
}

/// The clock of an app that was made ready by [`app`].
///
/// # Panics
///
/// It was not.
pub fn clock(rocket: &Rocket<Orbit>) -> &ManualClock {
    rocket.state().expect("the app was made ready for tests: `testing::app(rocket())`")
}

/// Begins a session, as a login does, and hands out its tokens.
///
/// # Panics
///
/// The app was not made ready by [`app`], or the claims cannot be put into a token, or they are of another issuer,
/// whose sessions do not begin here: for those there is [`as_user`](AuthRequest::as_user).
pub fn login<C: Claims>(rocket: &Rocket<Orbit>, claims: &C) -> TokenPair {
    clock(rocket);
    auth(rocket).begin_at_once(claims).unwrap_or_else(|error| panic!("nobody is signed in: {error:?}"))
}

fn auth(rocket: &Rocket<Orbit>) -> &JwtAuth {
    rocket.state().expect("`JwtAuth::fairing()` is attached to the app")
}
