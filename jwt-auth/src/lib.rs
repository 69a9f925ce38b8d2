//! JWT auth for [Rocket](https://rocket.rs): typed claims, routes that cannot be left unprotected, and
//! sessions that survive lost responses but not stolen tokens.
//!
//! ```
//! # #[cfg(feature = "macros")] mod app {
//! use jwt_auth::{Auth, AuthError, Claims, JwtAuth, TokenPair, public, require_auth};
//! use rocket::{get, launch, post};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Claims, Serialize, Deserialize)]
//! struct User {
//!     #[claims(subject)]
//!     name: String,
//! }
//!
//! #[public]
//! #[post("/login", data = "<name>")]
//! async fn login(name: String, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
//!     // Check a password here.
//!     auth.generate_tokens(&User { name }).await
//! }
//!
//! #[require_auth]
//! #[get("/hello")]
//! fn hello(user: Auth<User>) -> String {
//!     format!("Hello, {}!", user.name)
//! }
//!
//! #[launch]
//! fn rocket() -> _ {
//!     rocket::build().attach(JwtAuth::fairing()).mount("/", jwt_auth::routes![login, hello])
//! }
//! # }
//! ```
//!
//! What you get:
//!
//! - **A forgotten access rule does not compile.** [`routes![]`](macro@routes) takes only handlers with
//!   [`#[require_auth]`](macro@require_auth) or [`#[public]`](macro@public). For any other, the compiler says
//!
//!   ```text
//!   error[E0277]: route `secret` has no access rule
//!      |
//!   17 |     routes![index, secret]
//!      |                    ^^^^^^ this route has neither `#[require_auth]` nor `#[public]`
//!   ```
//! - **Sessions.** Access tokens live for minutes and carry the user's data. Refresh tokens live for weeks, and the
//!   store, Redis or memory, decides whether their session is still alive.
//! - **Theft is detected, and a lost response logs no user out.** Each refresh replaces the refresh token. An old one
//!   ends the session once its successor is in use; until then, presenting it returns the same successor.
//! - **Logouts take effect everywhere, and no request waits for the store.** What one process revokes is pushed to all
//!   others.
//!
//! # Request guards
//!
//! | parameter of a handler | what it is | no token | an invalid token |
//! |---|---|---|---|
//! | [`Auth<User>`](Auth) | the claims, and the registered claims of the token | 401 | 401 |
//! | `User`, `&User` | the claims alone | 401 | 401 |
//! | [`MaybeAuth<User>`](MaybeAuth) | the claims of a visitor who may be anonymous | `None` | 401 |
//! | [`BearerToken`] | the text of the token, unchecked | 401 | that text |
//! | [`Credentials<T>`](Credentials) | a JSON body that is never logged | | |
//! | [`Throttle`] | limits attempts to sign in | | |
//! | [`&JwtAuth`](JwtAuth) | issues, refreshes and revokes tokens | | |
//!
//! A token is verified once per request, however many guards need it. Authorization rules go into the attribute, such
//! as `#[require_auth(User, any(role = Role::Admin, check = |user, id| user.id == id))]`. They are decided before the
//! body is read.
//!
//! # Guide
//!
//! The [guide] has one page per task:
//! [getting started](guide::getting_started), [claims](guide::claims), [protecting routes](guide::protecting_routes),
//! [step-up](guide::step_up), [passwords](guide::passwords), [throttling](guide::throttling),
//! [sessions](guide::sessions), [browsers](guide::browsers), [cookies](guide::cookies), [revocation](guide::revocation), [keys](guide::keys),
//! [trusted issuers](guide::trusted_issuers), [identity providers](guide::identity_providers),
//! [other services](guide::other_services), [errors](guide::errors), [settings](guide::settings),
//! [operations](guide::operations), [observability](guide::observability), [testing](guide::testing),
//! [OpenAPI](guide::openapi), [security](guide::security), [comparison](guide::comparison),
//! [migrating](guide::migrating), and [moving from fastapi_framework](guide::fastapi_framework).
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `macros` | on | `#[derive(Claims)]`, `#[require_auth]`, `#[policy]`, `#[public]` and `routes![]` |
//! | `redis` | on | [`RedisStore`](store::RedisStore), over `redis://` and `rediss://` |
//! | `argon2` | off | [`Passwords`]: [password hashes](guide::passwords) with Argon2id, within limits |
//! | `cluster` | off | sessions in a Redis Cluster |
//! | `sentinel` | off | sessions in a Redis that Sentinel monitors |
//! | `metrics` | off | [counters, gauges and a histogram](guide::observability) of the `metrics` facade |
//! | `remote` | off | keys of [identity providers](guide::trusted_issuers), fetched over HTTPS |
//! | `testing` | off | [`testing`]: signed-in users and an access audit, for the tests of apps |
//! | `tracing` | off | [events and spans](guide::observability) for `tracing`, with fields |
//! | `utoipa` | off | [`openapi`]: access rules in OpenAPI documents, by utoipa 6 |
//!
//! The macros call this crate `jwt_auth`. If `Cargo.toml` gives it another name, add one line to the root of your
//! crate: `extern crate auth as jwt_auth;`.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The layers, lowest first: a module imports only from modules above it in this list. `tests/layers.rs` has the table.
pub mod clock;
mod json;
mod error;
mod config;
#[cfg(feature = "argon2")]
mod passwords;
pub mod claims;
mod jws;
mod cookies;
mod owner;
mod auth;
mod family;
mod throttle;
mod event;
mod keyring;
mod revocation;
pub mod store;
mod signer;
mod verify;
mod policy;
mod session;
pub mod compat;
mod jwt_auth;
mod guard;
mod session_routes;
mod fairing;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "utoipa")]
pub mod openapi;
pub mod guide;

#[doc(hidden)]
#[path = "private.rs"]
#[allow(missing_docs)]
pub mod __private;

pub use auth::{AccessTokenId, Auth, Source};
pub use claims::traits::Claims;
pub use error::{
    AuthError, Denial, InvalidGrant, InvalidRequest, InvalidToken, MalformedCredentials, StartupError,
    StepUp, ThrottleLimit, Throttled,
};
pub use event::{EndReason, Event, EventRequest, Identity};
pub use fairing::Fairing;
pub use family::Device;
pub use guard::{
    Authorized, BearerToken, Catchers, Credentials, CurrentSession, ErrorBody, ExpiresIn, MaybeAuth, Next,
    SameOrigin, SignedIn, SignedOut, Throttle, catchers,
};
pub use jwt_auth::{JwtAuth, Login, NewAccessToken, Reauthentication};
pub use keyring::{Jwks, PublicJwk};
#[cfg(feature = "argon2")]
pub use passwords::{PasswordCheck, Passwords, PasswordsBuilder};
pub use policy::{Access, Policy, Requirement, RoleHierarchy, RoutePolicy};
pub use session::{Condition, Continued, Health, Lifetime, Loaded, Session, SignIn, TokenPair, Users};
pub use session_routes::session_routes;

#[cfg(feature = "macros")]
pub use jwt_auth_macros::{Claims, policy, public, require_auth, routes};

#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../README.md")]
struct Readme;
