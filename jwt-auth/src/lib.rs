//! JWT auth for [Rocket](https://rocket.rs): typed claims, routes that cannot be left unprotected, and
//! sessions that survive lost answers but not stolen tokens.
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
//! # Claims
//!
//! An **access token** is a JWT that lives for minutes and carries the user's data: a struct with
//! [`#[derive(Claims)]`](macro@Claims), in the form of RFC 9068. Its subject is the string `sub`; `iss`,
//! `aud`, `exp`, `iat`, `jti` and `sid` are added when it is signed and checked when it comes back.
//!
//! # Protecting routes
//!
//! Every handler carries [`#[require_auth]`](macro@require_auth) or [`#[public]`](macro@public), above its
//! route attribute; one that carries neither does not compile in [`routes![]`](macro@routes). Parameters
//! give a handler what it needs to know:
//!
//! | parameter | what it is | no token | a bad token |
//! |---|---|---|---|
//! | [`Auth<User>`](Auth) | the claims, and what the token says of itself | 401 | 401 |
//! | `User`, `&User` | the claims alone | 401 | 401 |
//! | [`MaybeAuth<User>`](MaybeAuth) | the claims of a visitor who may be anonymous | `None` | 401 |
//! | [`BearerToken`] | the text of the token, unchecked | 401 | that text |
//! | [`Credentials<T>`](Credentials) | a JSON body that is not logged when it cannot be read | | |
//! | [`&JwtAuth`](JwtAuth) | what issues, refreshes and revokes | | |
//!
//! What a caller has to be allowed is said there as well, and decided before the handler's own parameters and
//! the body are read:
//!
//! ```
//! # #[cfg(feature = "macros")] mod app {
//! # use jwt_auth::{Claims, policy, require_auth};
//! # use rocket::{State, delete, get, put};
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Claims, Serialize, Deserialize)]
//! # struct User {
//! #     #[claims(subject)] id: u64,
//! #     #[claims(roles)] roles: Vec<Role>,
//! #     #[claims(scope)] scope: String,
//! # }
//! # #[derive(PartialEq, Serialize, Deserialize)]
//! # enum Role { Admin, Editor }
//! # struct Db;
//! # impl Db { async fn owns(&self, _: u64, _: u64) -> Result<bool, std::io::Error> { Ok(true) } }
//! // That user, or an admin.
//! #[require_auth(User, any(role = Role::Admin, check = |user, id| user.id == id))]
//! #[get("/users/<id>")]
//! fn profile(id: u64) -> String { format!("the profile of {id}") }
//!
//! // A policy of many routes, and a condition of one that asks the database.
//! #[policy(User, any(role = Role::Editor, scope = "posts:write"))]
//! struct CanEditPosts;
//!
//! #[require_auth(policy = CanEditPosts, check = |user, id, db: &State<Db>| db.owns(user.id, id))]
//! #[put("/posts/<id>", data = "<text>")]
//! fn edit(id: u64, text: String) -> String { format!("{id}: {text}") }
//!
//! // Only soon after signing in: else the client is told to let its user do so (RFC 9470).
//! #[require_auth(User, fresh = "5m")]
//! #[delete("/me")]
//! fn close_account() {}
//! # }
//! ```
//!
//! Conditions (`check`) take the claims, the route's parameters and request guards; `not(…)` turns a clause
//! around, and [`#[policy]`](macro@policy) gives clauses a name. [`RoleHierarchy`] lets roles imply others.
//! `fresh` and `acr` ask how long ago and by which way a user signed in ([`StepUp`]), and `optional` lets
//! callers without a token in as well: all of it stands at [`#[require_auth]`](macro@require_auth). Rocket lists
//! the routes with their policies at launch.
//!
//! A request's token is verified once, however many of them ask. Refusals carry the `WWW-Authenticate`
//! header of RFC 6750, whatever catchers an app has; [`catchers`] gives them JSON bodies. Each answer that hangs on
//! the token carries `Vary: Authorization`, beside what the handler lets it vary by, so that no cache gives a user the
//! page of a stranger or of another user. Whether answers are cached at all is the handler's to say.
//!
//! # OpenAPI
//!
//! With the feature `utoipa`, what stands in `#[require_auth]` is in the app's OpenAPI document as well: each route's
//! `security`, the refusals that it may answer with and their bodies. Nothing of it is written twice, nor is the path
//! that a route is mounted at: [`openapi::document`] reads it from the app.
//!
//! ```
//! # #[cfg(all(feature = "macros", feature = "utoipa"))] mod app {
//! # use jwt_auth::{Claims, require_auth};
//! # use rocket::put;
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Claims, Serialize, Deserialize)]
//! # struct User {
//! #     #[claims(subject)] id: u64,
//! #     #[claims(scope)] scope: String,
//! # }
//! #[require_auth(User, scope = "posts:write")]
//! #[utoipa::path(responses((status = 200, body = String)))]
//! #[put("/posts/<id>", data = "<text>")]
//! fn edit(id: u64, text: String) -> String { format!("{id}: {text}") }
//!
//! #[derive(utoipa::OpenApi)]
//! struct Api;
//!
//! # pub fn document() -> utoipa::openapi::OpenApi {
//! # use utoipa::OpenApi;
//! let rocket = rocket::build().mount("/", jwt_auth::routes![edit]);
//! jwt_auth::openapi::document(Api::openapi(), &rocket)
//! # }
//! # }
//! # #[cfg(all(feature = "macros", feature = "utoipa"))]
//! # assert!(app::document().paths.paths.contains_key("/posts/{id}"));
//! ```
//!
//! # Sessions
//!
//! [`generate_tokens`](JwtAuth::generate_tokens) begins a session: beside the access token it hands out a
//! **refresh token**, which lives for days and carries nothing but ids. The store says whether those are
//! still good: deleting a session there ends it.
//!
//! - [`refresh`](JwtAuth::refresh) exchanges the refresh token for a new pair, with the user's data as it is
//!   now. Each refresh token is good for one refresh; asking again within `reuse_grace` gives the same
//!   successor again, as long as that was not used itself; asking again later ends the session, since somebody has a
//!   copy.
//! - [`invalidate_refresh_token`](JwtAuth::invalidate_refresh_token) is a logout,
//!   [`revoke_subject`](JwtAuth::revoke_subject) one everywhere.
//! - [`sessions`](JwtAuth::sessions) lists where a user is signed in, with what the app had kept of the
//!   [`Device`], and [`revoke_session`](JwtAuth::revoke_session) ends one of those.
//!
//! Access tokens of a session that was ended are refused at once by the process that ended it, and a moment
//! later by all that share its Redis: each hears of it, and looks it up in its own memory. Where sessions are
//! kept: [`store`].
//!
//! A program that calls the app needs no session: [`create_access_token`](JwtAuth::create_access_token) gives it a
//! token, and [`revoke_access_token`](JwtAuth::revoke_access_token) ends that one alone, in all processes likewise.
//!
//! # Keys
//!
//! An app signs with one key. Others verify beside it: those that signed before, and those that will. So keys
//! change without a restart and with nobody logged out:
//!
//! ```toml
//! [default.jwt_auth]
//! algorithm = "ES256"
//! private_key = "2026-06.pem"
//! retire_at = "2027-01-01T00:00:00Z"
//! keys = [{ private_key = "2026-12.pem", not_before = "2026-12-01T00:00:00Z" }]
//! ```
//!
//! The key of `private_key`, or of `secret`, is the first; `keys` is a list of others, each a table of the same
//! settings. Of those that can sign and are in force, the one with the latest `not_before` does. From its
//! `retire_at` on a key neither signs nor verifies: what it signed is refused at once. A session outlives the
//! key that it began under if it is refreshed between the next key's `not_before` and that `retire_at`:
//! `refresh_ttl` apart, nobody is logged out. Both are read off the app's clock, to the millisecond. A key verifies
//! from the `leeway` before its `not_before` on, since another instance whose clock is ahead may sign with it. It
//! signs from `not_before` on, and `retire_at` has no leeway.
//!
//! | key | what it is |
//! |---|---|
//! | `private_key`, `public_key`, `secret`, `algorithm` | as above; `algorithm` is that of the first key, unless it says another |
//! | `jwk`, `jwks` | a JWK or a JWK Set (RFC 7517), private or public: its text, or the path of a file. What its `alg`, `use` and `key_ops` say is kept to. Keys of a set that cannot be used are left out, with a warning |
//! | `kid` | what tokens call the key; by default the thumbprint of its public half (RFC 7638). Of two secrets one needs it, since a secret has none |
//! | `not_before`, `retire_at` | when it comes into force, and when it is gone, in UTC |
//!
//! A public key is in the [JWK Set](JwtAuth::jwks) before its `not_before`, so that whoever verifies has it by
//! then; give a new key a `not_before` at least five minutes away, for which the set is cached. Processes that
//! share keys have them all by then, too.
//!
//! Files are looked at every ten seconds (`reload_keys`), and keys are loaded anew when one holds something else,
//! be it written, renamed or linked to. Keys come from elsewhere by [`JwtAuth::reload_keys`]. Either way all of
//! them are taken, or none: when one is wrong, the last good ones stay, and the log says what is wrong.
//!
//! # Tokens of others
//!
//! Tokens of other issuers count where the settings name them, each with keys of its own:
//!
//! ```toml
//! [default.jwt_auth]
//! issuer = "https://auth.example.com"
//! audience = "app"
//! issuers = [
//!     { issuer = "https://partner.example", audience = "api", algorithm = "ES256", public_key = "partner.pem" },
//!     { issuer = "https://cognito-idp.eu-central-1.amazonaws.com/…", audience_claim = "client_id", audience = "…", jwks = "cognito.json" },
//! ]
//! ```
//!
//! A struct of claims says whose tokens it is read from, and for whom they are; an enum takes callers of several
//! kinds:
//!
//! ```
//! # #[cfg(feature = "macros")] mod app {
//! use jwt_auth::{Auth, Claims, require_auth};
//! # use rocket::get;
//! # use serde::{Deserialize, Serialize};
//!
//! #[derive(Claims, Serialize, Deserialize)]
//! struct User { #[claims(subject)] id: u64 }
//!
//! #[derive(Claims, Serialize, Deserialize)]
//! #[claims(issuer = "https://partner.example")]
//! struct Partner { #[claims(subject)] name: String }
//!
//! #[derive(Claims, Serialize, Deserialize)]
//! enum Caller { User(User), Partner(Partner) }
//!
//! #[require_auth]
//! #[get("/orders")]
//! fn orders(caller: Auth<Caller>) -> String {
//!     match &*caller {
//!         Caller::User(user) => format!("those of user {}", user.id),
//!         Caller::Partner(partner) => format!("those that {} sent", partner.name),
//!     }
//! }
//! # }
//! ```
//!
//! A token of one kind never passes for another. Its `iss` and its audience choose the variant; as that it is
//! then verified, by the keys of that issuer and no others. A token that could be of two is refused, and so is one
//! of this app that names an audience while the app has none. `#[claims(audience = "internal")]` without an issuer
//! makes another kind of token of the app's own, which is also signed so. What makes a kind are issuer and audience, not
//! the struct: two structs without them read the same tokens, if the claims fit.
//!
//! What is asked of a token of somebody else: that it is signed, that its `iss` and its audience are those, `exp`,
//! and `nbf` if it is there. `typ` may be `at+jwt`, `JWT` or absent; `jti`, `iat` and `sid` may be absent or
//! anything. It may live for as long as its issuer likes. It belongs to no session of this app, and its subject is
//! in another name space: nothing that is revoked here concerns it, and `#[require_auth(strict)]` over such claims
//! stops the launch. Nobody but its issuer issues it: to sign one is an error.
//!
//! | key | what it is |
//! |---|---|
//! | `issuer` | what `iss` must be |
//! | `audience` | what the token must name, one of a list; a claims type may say another |
//! | `audience_claim` | the claim that names it, by default `aud`; of Amazon Cognito's access tokens it is `client_id`. An `aud` that is there all the same must name it, too |
//! | `algorithm`, `public_key`, `secret`, `jwk`, `jwks`, `kid`, `not_before`, `retire_at`, `keys` | its [keys](#keys), which are loaded anew like the app's own; which issuers there are is fixed at launch. Secrets in a `jwks` of somebody else do not count. An RSA key there that says no `alg` is for RS256 |
//! | `jwks_uri` | where it publishes them, instead, if no discovery document says so (feature `remote`) |
//! | `allow_http` | `true`: it is asked without TLS as well, for tests and what is on the same machine |
//! | `jwks_cooldown` | `"30s"`: how long names of keys that it does not publish cause no other fetch |
//!
//! ## Identity providers
//!
//! With the feature `remote`, an issuer without keys in the settings is asked for them, as Auth0, Keycloak, Entra,
//! Cognito and Google publish them: by its discovery document (OpenID Connect Discovery 1.0), or at
//! `jwks_uri`.
//!
//! ```toml
//! [default.jwt_auth]
//! issuers = [
//!     { issuer = "https://tenant.eu.auth0.com/", audience = "https://api.example.com" },
//!     { issuer = "https://cognito-idp.eu-central-1.amazonaws.com/…", audience_claim = "client_id", audience = "…" },
//! ]
//! ```
//!
//! Requests are verified by the keys at hand. These are fetched in the background before their life is over: what
//! `Cache-Control` says, from a minute to a day, by default an hour. A token that names a key which is not at hand
//! waits until it was looked for, at most five seconds; one fetch at a time, and for names that nobody knows one in
//! `jwks_cooldown`. While the issuer does not answer the last keys stay in force, for a day; tokens by other keys, and
//! all where none were fetched so far, are answered 503, since nobody can say whether they are good. The app launches
//! all the same.
//! [`JwtAuth::verify`] goes by the keys at hand.
//!
//! The issuer's own name must stand in its document, to the letter. Only https is asked unless `allow_http` says
//! otherwise, redirects are not followed, more than 512 KiB are not read, and what a token brings along (`jku`,
//! `x5u`) is never asked. Keys with `use` or `key_ops` for something else, of unknown kinds, and secrets do not
//! count. An app that has no key of its own, and issuers, verifies their tokens and signs none.
//!
//! # Settings
//!
//! In `Rocket.toml` under `[default.jwt_auth]`, or in the environment as `ROCKET_JWT_AUTH={access_ttl="5m"}`.
//! Some can also be given by variables of their own, beneath both. A wrong one stops the launch.
//!
//! | key | default | what it is |
//! |---|---|---|
//! | `secret` | (`JWT_SECRET_KEY`) | what HS algorithms sign with: text, or `base64:…`; at least as long as the hash |
//! | `algorithm` | `"HS256"` (`JWT_ALGORITHM`) | or HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA |
//! | `private_key` | | what the others sign with: PEM text in PKCS#8 (RSA: or PKCS#1; EC: or SEC1), or the path of a file of it, from where the configuration file is |
//! | `public_key` | | likewise, for an app that only verifies the tokens of another one with this crate; both need the same `access_ttl` |
//! | `jwk`, `jwks`, `kid`, `not_before`, `retire_at`, `keys` | | see [keys](#keys) |
//! | `reload_keys` | `"10s"` | how often the files of keys are looked at; `"0s"`: never |
//! | `issuer`, `audience` | | written into tokens, and required of them; `audience` may be a list, of which one is enough; without it, tokens that name one are refused |
//! | `issuers` | | whose tokens count beside the app's own: see [tokens of others](#tokens-of-others) |
//! | `leeway` | `"10s"` | how far clocks may differ: for `exp`, `nbf`, `iat` and the `not_before` of keys; at most a minute |
//! | `access_ttl` | `"15m"` (`JWT_ACCESS_TOKEN_EXPIRE_MINUTES`) | how long an access token lives; one whose `iat` is longer ago is refused, whatever its `exp` says |
//! | `refresh_ttl` | `"14d"` (`JWT_REFRESH_TOKEN_EXPIRE_MINUTES`) | how long a session lives without being refreshed |
//! | `session_ttl` | `"90d"`, or `refresh_ttl` if that is longer | how long a session lives however often it is refreshed |
//! | `reuse_grace` | `"30s"` | how long a used refresh token gets its successor again; at most five minutes; `"0s"`: never, and then an answer that is lost logs its user out |
//! | `revocation` | `"push"` | how access tokens of an ended session are found out: `"push"`, in process, told by the store; `"strict"`, by asking the store on each request; `"off"`, not at all |
//! | `stale_after` | `"10s"` | how long nothing may be heard of other processes; at least three seconds |
//! | `when_stale` | `"continue"` | what happens to requests then: they go on, or `"refuse"`: 503 |
//! | `max_sessions` | `100` | how many sessions a user has at most: a login beyond ends the one used longest ago |
//! | `redis` | (`REDIS_URL`, or `REDIS_HOST` and `REDIS_PORT`) | the URL of a Redis; a list of URLs for a cluster; `{ sentinels = ["redis://…"], master = "…" }` for one that Sentinel watches over, with `username`, `password`, `database` and `tls` of the master if need be; without it sessions are kept in memory |
//! | `wait_replicas` | `0` | how many replicas must have a logout, or the end of an access token, before it is answered: 503 if fewer have it in a quarter of `store_timeout`; see [what Redis may lose](store::RedisStore#what-redis-may-lose) |
//! | `prefix` | `"jwt-auth"` | what keys in Redis begin with |
//! | `store_timeout` | `"500ms"` | how long a request waits for the store before it is answered 503 |
//! | `realm` | `"api"` | the realm of the challenge |
//! | `token_cache` | `"16MiB"`, unless all keys are secrets | how much memory may be spent on remembering tokens whose signature was good, so that it is verified once and not for each request; dates, revocations and keys are looked at all the same; set for secrets, it saves about a tenth of a small request; `"0B"`: none |
//! | `fastapi_framework` | | `"issue"` beside a service on fastapi_framework (Python), `"accept"` after it: see [`compat::fastapi_framework`]. While it is set, `access_ttl` is `"30m"` and `refresh_ttl` `"6h"` by default, as there |
//!
//! Without any key, an app in the debug profile makes up a secret at each launch and says so; in other
//! profiles it does not launch.
//!
//! # When the store is away
//!
//! Requests with an access token go on as before, unless routes or settings ask for the store (`strict`,
//! `when_stale`). Refreshes and logouts are answered 503 with `Retry-After`, within `store_timeout`: never 401,
//! on which clients throw their tokens away. So is the end of a single access token. The same refresh token works
//! when the store is back; if the store had done its work and only the answer was lost, for as long as
//! `reuse_grace`. So let that be longer than a failover takes, which begins after 30 s without an answer if
//! Sentinel is left as it is (`down-after-milliseconds`), and after 15 s in a cluster (`cluster-node-timeout`): 5 s
//! are enough for both. At most 4,096 requests wait for the store at a time; those beyond are answered 503 at once.
//!
//! A Redis that is full (`maxmemory`, with `noeviction`) takes no logins: 503. Refreshes and logouts work, and
//! so does the end of an access token, since they take hardly any memory.
//!
//! In a cluster this is so for the users whose shard is away; the others notice nothing, unless `when_stale` is
//! `"refuse"`. For that, set `cluster-require-full-coverage no` in Redis's own configuration: it is `yes` by default,
//! and then all shards refuse when one is away.
//!
//! An app does not launch without its Redis, or without a shard of it: it could not know what was revoked before it
//! began.
//!
//! # Coming from Python
//!
//! A service that uses `fastapi_framework.jwt_auth` moves over route by route, and nobody is logged out:
//! [`compat::fastapi_framework`] walks through it.
//!
//! # Under another name
//!
//! The macros call this crate `jwt_auth`. Where `Cargo.toml` calls it otherwise, one line at the root of the crate
//! makes that good: `extern crate auth as jwt_auth;`.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `macros` | on | `#[derive(Claims)]`, `#[require_auth]`, `#[policy]`, `#[public]` and `routes![]` |
//! | `redis` | on | [`RedisStore`](store::RedisStore), over `redis://` and `rediss://` |
//! | `cluster` | off | sessions in a Redis Cluster |
//! | `sentinel` | off | sessions in a Redis that Sentinel watches over |
//! | `remote` | off | keys of [identity providers](#identity-providers), fetched over HTTPS |
//! | `testing` | off | [`testing`]: users who are signed in, and an audit of who may call what, for the tests of apps |
//! | `utoipa` | off | [`openapi`]: policies in OpenAPI documents, by utoipa 6 |

// The layers, lowest first: a module imports only from modules above it in this list. `tests/layers.rs` has the table.
pub mod clock;
mod json;
mod error;
mod config;
pub mod claims;
mod jws;
mod owner;
mod keyring;
mod auth;
mod family;
mod revocation;
pub mod store;
mod signer;
mod verify;
mod policy;
mod session;
pub mod compat;
mod jwt_auth;
mod guard;
mod fairing;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "utoipa")]
pub mod openapi;

#[doc(hidden)]
#[path = "private.rs"]
#[allow(missing_docs)]
pub mod __private;

pub use auth::{AccessTokenId, Auth};
pub use claims::traits::Claims;
pub use error::{
    AuthError, Denial, InvalidGrant, InvalidRequest, InvalidToken, MalformedCredentials, StartupError, StepUp,
};
pub use fairing::Fairing;
pub use family::Device;
pub use guard::{Authorized, BearerToken, Credentials, MaybeAuth, catchers};
pub use jwt_auth::{JwtAuth, Login};
pub use keyring::{Jwks, PublicJwk};
pub use policy::{Access, Policy, Requirement, RoleHierarchy, RoutePolicy};
pub use session::{Continued, Loaded, Session, TokenPair};

#[cfg(feature = "macros")]
pub use jwt_auth_macros::{Claims, policy, public, require_auth, routes};

#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../../README.md")]
struct Readme;
