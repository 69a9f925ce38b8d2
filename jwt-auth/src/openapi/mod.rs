//! The OpenAPI document of an app, generated with [utoipa](https://docs.rs/utoipa), including the access rule of every
//! route. Enable the feature `utoipa`. The guide has a page about [OpenAPI](crate::guide::openapi).
//!
//! `#[utoipa::path]` on a handler describes only the handler's own responses. The security requirements and the
//! responses to rejected requests come from `#[require_auth]` or `#[public]`, and the path comes from the route
//! attribute and the mount point, so nothing is written twice.
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
//! | the route has | its `security` | added to its `responses` |
//! |---|---|---|
//! | `#[public]` | `[]` | |
//! | `#[require_auth]` | `[{"bearer": []}]` | 400, 401 |
//! | `#[require_auth(User, …)]` | the same, with the scopes that every caller needs | also 403, which lists the clauses as they are written in the source; the 401 lists the requirements of `fresh` and `acr` |
//! | `#[require_auth(User, …, or_not_found)]` | the same | 404 instead of 403, without the clauses |
//! | `#[require_auth(strict)]` | the same | also 503 |
//! | `#[require_auth(optional)]` | `[{}, {"bearer": []}]` | 400, and 401 for invalid tokens |
//! | any of these, and a parameter [`Credentials<…>`](crate::Credentials) | | 400, 413 and 422 for bodies that cannot be parsed |
//!
//! If the app has session cookies, the document has a second security scheme, `cookie`. A route then accepts either
//! scheme: `[{"bearer": []}, {"cookie": []}]`. With `#[require_auth(header)]` or `#[require_auth(cookie)]`, it accepts
//! only that one. A route that rejects requests of other sites has their error `cross_origin` in its 403.
//!
//! Responses that come from the handler's own types and code are not added. Its `responses` can describe them with
//! `body = AuthError`: an [`AuthError`](crate::AuthError) that the handler returns, such as the 429 of a
//! [`Throttle`](crate::Throttle), or the 503 of a store that does not answer; the 503 of a `check` that fails; and the 422
//! of a path parameter that does not parse. The 503 that the settings `revocation` and `when_stale` can cause, or the
//! renewal of a session cookie, is not added either.
//!
//! The added bodies are those of [`catchers`](crate::catchers), with the schema `AuthError`. If the handler's own
//! `#[utoipa::path]` describes a status, that description stays. A `security` in it is replaced, because the policy
//! decides.
//!
//! # Writing `#[utoipa::path]`
//!
//! Put `#[utoipa::path]` between `#[require_auth]` or `#[public]` and the route attribute. Above these, it does not
//! compile, because they would not see it.
//!
//! With this feature, it reads the method and the parameters of the path and the query from the route attribute
//! (`rocket_extras`), which must be written with its bare name: `#[get("/")]`. It does not know
//! [`Credentials`](crate::Credentials), so name the type inside: `request_body = Login`.
//!
//! [`TokenPair`](crate::TokenPair), [`Session`](crate::Session), [`Jwks`](crate::Jwks) and
//! [`AuthError`](crate::AuthError) have schemas. [`Auth<User>`](crate::Auth) has the schema of its claims.

mod cookies;
mod document;
mod operation;
mod rejections;
mod schema;
mod security;

pub use document::document;
