//! The OpenAPI document of an app, written by [utoipa](https://docs.rs/utoipa): who may call a route stands in
//! it as the route's policy has it. Feature `utoipa`.
//!
//! Handlers carry `#[utoipa::path]` with what they answer when they are called. What comes before that is in
//! their `#[require_auth]` or `#[public]`, and where they are in their route attribute and their mount point:
//! none of it is written again.
//!
//! ```
//! # #[cfg(feature = "macros")] mod app {
//! use jwt_auth::{Auth, Claims, JwtAuth, TokenPair, public, require_auth};
//! # use jwt_auth::AuthError;
//! use rocket::serde::json::Json;
//! use rocket::{delete, get, post};
//! use serde::{Deserialize, Serialize};
//! use utoipa::{OpenApi, ToSchema};
//!
//! #[derive(Claims, Serialize, Deserialize, ToSchema)]
//! struct User {
//!     #[claims(subject)]
//!     name: String,
//!     #[claims(scope)]
//!     scope: String,
//! }
//!
//! #[public]
//! #[utoipa::path(responses((status = 200, body = TokenPair)))]
//! #[post("/login", data = "<name>")]
//! async fn login(name: String, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
//!     # let scope = String::new();
//!     # auth.generate_tokens(&User { name, scope }).await
//! }
//!
//! #[require_auth]
//! #[utoipa::path(responses((status = 200, body = User)))]
//! #[get("/me")]
//! fn me(user: Auth<User>) -> Json<Auth<User>> {
//!     Json(user)
//! }
//!
//! #[require_auth(User, scope = "posts:write")]
//! #[utoipa::path(responses((status = 200)))]
//! #[delete("/posts/<id>")]
//! fn delete_post(id: u64) {}
//!
//! #[derive(OpenApi)]
//! struct Api;
//!
//! # pub fn rocket() {
//! let rocket = rocket::build()
//!     .attach(JwtAuth::fairing())
//!     .mount("/api", jwt_auth::routes![login, me, delete_post]);
//! let document = jwt_auth::openapi::document(Api::openapi(), &rocket);
//!
//! let delete_post = document.paths.paths["/api/posts/{id}"].delete.as_ref().unwrap();
//! let answers: Vec<&str> = delete_post.responses.responses.keys().map(String::as_str).collect();
//! assert_eq!(answers, ["200", "400", "401", "403"]);
//! let security = serde_json::to_value(&delete_post.security).unwrap();
//! assert_eq!(security, serde_json::json!([{ "bearer": ["posts:write"] }]));
//! # }
//! # }
//! # #[cfg(feature = "macros")]
//! # app::rocket();
//! ```
//!
//! | the route is | its `security` | what is added to its `responses` |
//! |---|---|---|
//! | `#[public]` | `[]` | |
//! | `#[require_auth]` | `[{"bearer": []}]` | 400, 401 |
//! | `#[require_auth(User, …)]` | the scopes that there is no way around in the list | 403 too, which tells the clauses in the words of the source; what `fresh` and `acr` ask for stands in the 401 |
//! | `#[require_auth(strict)]` | likewise | 503 too |
//! | `#[require_auth(optional)]` | `[{}, {"bearer": []}]` | 400, 401 for tokens that are not good |
//! | any, with a parameter [`Credentials<…>`](crate::Credentials) | | 400, 413 and 422 for bodies that cannot be read |
//!
//! Not added is what comes of the handler's own types and code, which its `responses` may tell, with
//! `body = AuthError`: an [`AuthError`](crate::AuthError) that it answers, such as the 503 of a store that it asks, the
//! 503 of a `check` that fails, and the 422 of a path's parameter that does not parse. Nor is the 503 that settings bring
//! (`revocation`, `when_stale`).
//!
//! The bodies are those of [`catchers`](crate::catchers), in the schema `AuthError`. What the handler's own
//! `#[utoipa::path]` says of a status stays; a `security` there does not, since the policy is what is asked.
//!
//! # What utoipa reads
//!
//! `#[utoipa::path]` stands between `#[require_auth]` or `#[public]` and the route attribute. Above them it
//! does not compile, since they would not see it.
//!
//! With this feature it reads the route attribute (`rocket_extras`), by its bare name, `#[get("/")]`: the method, and
//! the parameters of the path and the query. It does not know [`Credentials`](crate::Credentials): name their type,
//! `request_body = Login`.
//! [`TokenPair`](crate::TokenPair), [`Session`](crate::Session), [`Jwks`](crate::Jwks) and
//! [`AuthError`](crate::AuthError) have a schema; [`Auth<User>`](crate::Auth) has that of its claims.

mod document;
mod operation;
mod rejections;
mod schema;
mod security;

pub use document::document;
