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
//! # Claims
//!
//! An **access token** is a JWT that lives for minutes and contains the user's data: a struct with
//! [`#[derive(Claims)]`](macro@Claims), in the form of RFC 9068. Its subject is the string `sub`. This crate adds
//! `iss`, `aud`, `exp`, `iat`, `jti`, `sid`, `gen`, `rev`, `auth_time` and `acr` when it signs the token, and reads and
//! checks them when the token comes back.
//!
//! # Protecting routes
//!
//! Every handler has [`#[require_auth]`](macro@require_auth) or [`#[public]`](macro@public) above its route attribute;
//! a handler with neither does not compile in [`routes![]`](macro@routes). A handler takes what it needs as parameters:
//!
//! | parameter | meaning | no token | an invalid token |
//! |---|---|---|---|
//! | [`Auth<User>`](Auth) | the claims, and the registered claims of the token | 401 | 401 |
//! | `User`, `&User` | the claims alone | 401 | 401 |
//! | [`MaybeAuth<User>`](MaybeAuth) | the claims of a visitor who may be anonymous | `None` | 401 |
//! | [`BearerToken`] | the text of the token, unchecked | 401 | that text |
//! | [`Credentials<T>`](Credentials) | a JSON body that is not logged when it cannot be read | | |
//! | [`&JwtAuth`](JwtAuth) | issues, refreshes and revokes tokens | | |
//!
//! Authorization rules go in the same attribute, and are decided before the handler's own parameters and the body are
//! read:
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
//! // A policy for many routes, and a condition of one route that asks the database.
//! #[policy(User, any(role = Role::Editor, scope = "posts:write"))]
//! struct CanEditPosts;
//!
//! #[require_auth(policy = CanEditPosts, check = |user, id, db: &State<Db>| db.owns(user.id, id))]
//! #[put("/posts/<id>", data = "<text>")]
//! fn edit(id: u64, text: String) -> String { format!("{id}: {text}") }
//!
//! // Only soon after signing in: otherwise, the client is told to let its user sign in again (RFC 9470).
//! #[require_auth(User, fresh = "5m")]
//! #[delete("/me")]
//! fn close_account() {}
//! # }
//! ```
//!
//! Conditions (`check`) take the claims, the route's parameters and request guards; `not(…)` negates a clause, and
//! [`#[policy]`](macro@policy) gives clauses a name. [`RoleHierarchy`] lets roles imply others. `fresh` and `acr`
//! require a recent sign-in or a certain way of signing in ([`StepUp`]), and `optional` also accepts callers without a
//! token. All of this is documented at [`#[require_auth]`](macro@require_auth). Rocket lists the routes with their
//! policies at launch.
//!
//! A request's token is verified once, however many guards need it. Refusals have the `WWW-Authenticate` header of RFC
//! 6750, whatever catchers an app has; [`catchers`] gives them JSON bodies. Every response that depends on the token
//! has `Vary: Authorization`, in addition to what the handler sets, so that no cache serves a user the page of an
//! anonymous visitor or of another user. The handler decides whether responses are cached at all.
//!
//! # OpenAPI
//!
//! With the feature `utoipa`, the app's OpenAPI document contains the rules of `#[require_auth]`: the `security` of
//! each route, its possible refusals and their bodies. Nothing is written twice, not even the path that a route is
//! mounted at: [`openapi::document`] reads it from the app.
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
//! [`generate_tokens`](JwtAuth::generate_tokens) begins a session: it issues an access token and a **refresh token**,
//! which lives for weeks and contains only ids, and when and how the user signed in. The store decides whether its
//! session is still alive.
//!
//! - [`refresh`](JwtAuth::refresh) exchanges the refresh token for a new pair, with the user's current data. Its loader
//!   returns that data, or `None` if the user no longer exists, which ends the session.
//! - [`invalidate_refresh_token`](JwtAuth::invalidate_refresh_token) is a logout, and
//!   [`revoke_subject`](JwtAuth::revoke_subject) is a logout everywhere. [`revoke_others`](JwtAuth::revoke_others)
//!   spares the session that calls it.
//! - [`sessions`](JwtAuth::sessions) lists where a user is signed in, with the [`Device`] if the app stored one, and
//!   [`revoke_session`](JwtAuth::revoke_session) ends one of these sessions.
//!
//! A program that calls the app needs no session: [`create_access_token`](JwtAuth::create_access_token) issues a token
//! for it, and [`revoke_access_token`](JwtAuth::revoke_access_token) revokes that token alone.
//!
//! ## Families
//!
//! The store keeps a session as a **family**: the chain of refresh tokens that began with one login, each the successor
//! of the one before. It records the ids of the current token and of the previous one, when the session ends, and the
//! device, but no tokens.
//!
//! - A **rotation** replaces the current token. Presenting the current token always causes one.
//! - A **confirmation** records that the new pair has arrived. The first request with an access token of the pair shows
//!   that; the store is told in the background, once per process and refresh. [`verify`](JwtAuth::verify) counts as
//!   such a request. Until then, and for `reuse_grace` after it, the previous token gets the same successor again, so
//!   a client that lost a response or refreshed twice at once stays signed in, with one live token. With
//!   `reuse_grace = "0s"`, no successor is handed out twice.
//! - **Reuse** is everything else: a token that was replaced, once `reuse_grace` has passed since its successor was
//!   confirmed, or any older token. There is a copy of it, so the session ends, with its access tokens.
//!
//! A session ends `refresh_ttl` after its last refresh and `session_ttl` after its login, whichever comes first, and no
//! access token outlives it.
//!
//! ## Owners
//!
//! A subject alone is not an identity. Sessions, `max_sessions` and revocations belong to an **owner**:
//!
//! - the **app**: the setting `issuer`. Apps that share a Redis need different issuers, or different prefixes.
//!   Otherwise, user 1 of both is one owner. Processes and services that share sessions need the same issuer.
//! - the **kind** of claims: the audience of their type, `#[claims(audience = "devices")]`. Types without an audience
//!   of their own are of one kind. Calls that name a subject name the type as well: `auth.revoke_subject::<Device>(1)`
//!   does not affect user 1. A refresh must continue the kind of its session; a loader for an enum of several kinds
//!   takes a [`Continued`] and asks `session.is::<Device>()`.
//! - the **subject**. Never assign a subject to another user. Call `revoke_subject` when a user is deleted, and
//!   `revoke_others` when a password changes. Where names are reused all the same, [`Continued`] shows what to do.
//!
//! ## Revocation
//!
//! The process that ends a session rejects its access tokens at once. All others that share its Redis hear of it a
//! moment later, and look it up in memory. The store numbers the logouts everywhere of each owner, and an access token
//! names the number, its **revision**, that it was issued under. So a logout everywhere also revokes tokens without a
//! session, and those of sessions that the store has lost, and no two clocks are compared: a token that is issued after
//! the call is valid, even within the same second.
//!
//! Redis forgets the sessions of users who never return when these end. In a database of your own, delete families
//! whose [`idle_end`](store::Family::idle_end) has passed, for example once a day; otherwise, they stay until the next
//! login of their owner. All about stores: [`store`].
//!
//! ## Other services
//!
//! A service that verifies access tokens without this crate must reject refresh tokens, which the same keys sign. It
//! checks that `aud` names the setting `audience`: refresh tokens name `refresh:` and that audience instead, or
//! `refresh` without one. Or it checks that `typ` is `at+jwt`: refresh tokens have `rt+jwt`. It does not hear of
//! logouts, so keep `access_ttl` short. A service that uses this crate and the same Redis hears of them if it has the
//! same `issuer`, and its claims are of the same kind.
//!
//! # Keys
//!
//! An app signs with one key. The other keys only verify: previous keys and upcoming ones. So keys change without a
//! restart, and without logging users out:
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
//! settings. Of the keys that can sign and are in force, the one with the latest `not_before` signs. From its
//! `retire_at` on, a key neither signs nor verifies: tokens that it signed are rejected at once. A session outlives the
//! key that it began under if it is refreshed between the next key's `not_before` and that `retire_at`: with
//! `refresh_ttl` between the two, no user is logged out. The app's clock decides about both, to the millisecond. A key
//! verifies from the `leeway` before its `not_before` on, since another instance whose clock is ahead may sign with it.
//! It signs from `not_before` on, and `retire_at` has no leeway.
//!
//! | key | meaning |
//! |---|---|
//! | `private_key`, `public_key`, `secret`, `algorithm` | as in the [settings](#settings); `algorithm` defaults to that of the first key |
//! | `jwk`, `jwks` | a JWK or a JWK Set (RFC 7517), private or public: its text, or the path of a file. Its `alg`, `use` and `key_ops` are respected. Unusable keys of a set are skipped, with a warning |
//! | `kid` | the name of the key in tokens; by default the thumbprint of its public key (RFC 7638). Of two secrets, one needs a `kid`, since a secret has no thumbprint |
//! | `not_before`, `retire_at` | when the key comes into force, and when it is retired, in UTC |
//!
//! A public key is in the [JWK Set](JwtAuth::jwks) before its `not_before`, so that services that verify have it in
//! time. Give a new key a `not_before` at least five minutes away, for which the set is cached. Processes that share
//! keys have all loaded it by then, too.
//!
//! Files are checked every ten seconds (`reload_keys`), and keys are reloaded when the content of one changes, whether
//! it was written, renamed or linked. For keys from elsewhere, call [`JwtAuth::reload_keys`]. Either way, all of them
//! are replaced or none: when one is invalid, the last valid keys stay, and the log says what is wrong.
//!
//! # Trusted issuers
//!
//! Tokens of other issuers are accepted if the settings name the issuers, each with keys of its own:
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
//! A claims type names the issuer of its tokens, and their audience; an enum accepts callers of several kinds:
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
//! A token of one kind never passes for another. Its `iss` and its audience select the variant; as that variant it is
//! then verified, by the keys of that issuer and no others. A token that could be of two variants is rejected, and so
//! is a token of this app that names an audience while the app has none. `#[claims(audience = "internal")]` without an
//! issuer makes another kind of this app's own tokens, which has [sessions of its own](#owners). The issuer and the
//! audience make a kind, not the type: two types without them read the same tokens if the claims fit, and share
//! sessions.
//!
//! Requirements for a trusted issuer's token: a valid signature, that `iss` and that audience, `exp`, and `nbf` if it
//! is present. `typ` may be `at+jwt`, `JWT` or absent; `jti`, `iat` and `sid` may be absent or anything. The token may
//! live for as long as its issuer likes. It belongs to no session of this app, and its subject is in another namespace:
//! nothing that is revoked here affects it, and `#[require_auth(strict)]` over such claims stops the launch. Only its
//! issuer can issue it: to sign one here is an error, and a call that names a subject of such claims does not compile.
//!
//! | key | meaning |
//! |---|---|
//! | `issuer` | the required `iss` |
//! | `audience` | the required audience, or a list; one match is enough. A claims type may name another |
//! | `audience_claim` | the claim that contains the audience, by default `aud`; in Amazon Cognito's access tokens it is `client_id`. If the token also has `aud`, that must match as well |
//! | `algorithm`, `public_key`, `secret`, `jwk`, `jwks`, `kid`, `not_before`, `retire_at`, `keys` | its [keys](#keys), which are reloaded like the app's own; the list of issuers is fixed at launch. Secrets in the `jwks` of another issuer are ignored. An RSA key there without `alg` is for RS256 |
//! | `jwks_uri` | where it publishes its keys, if no discovery document says so (feature `remote`) |
//! | `allow_http` | `true`: also fetches them without TLS, for tests and for issuers on the same machine |
//! | `jwks_cooldown` | `"30s"`: how long tokens with unknown key names cause no other fetch |
//!
//! ## Identity providers
//!
//! With the feature `remote`, the keys of an issuer without keys in the settings are fetched from it, as Auth0,
//! Keycloak, Entra, Cognito and Google publish them: by its discovery document (OpenID Connect Discovery 1.0), or at
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
//! Requests are verified with the keys in memory, which are fetched again in the background before they expire: after
//! what `Cache-Control` says, from a minute to a day, by default an hour. A token that names an unknown key waits for a
//! fetch, at most five seconds. There is one fetch at a time, and for names that the issuer does not publish, one in
//! `jwks_cooldown`. While the issuer does not answer, the last keys stay in force for a day. Tokens of other keys, and
//! all tokens if no keys were fetched yet, are answered 503, since it is unknown whether they are valid. The app
//! launches all the same. [`JwtAuth::verify`] uses the keys in memory.
//!
//! The issuer's own name must be in its document, character by character. Only https is used unless `allow_http` is
//! set, redirects are not followed, at most 512 KiB are read, and URLs in a token (`jku`, `x5u`) are never fetched.
//! Keys with `use` or `key_ops` for something else, keys of unknown types, and secrets are ignored. An app that has
//! issuers and no key of its own verifies their tokens and signs none.
//!
//! # Settings
//!
//! In `Rocket.toml` under `[default.jwt_auth]`, or in the environment as `ROCKET_JWT_AUTH={access_ttl="5m"}`. Some also
//! have a variable of their own, with lower priority. An invalid setting stops the launch.
//!
//! | key | default | meaning |
//! |---|---|---|
//! | `secret` | (`JWT_SECRET_KEY`) | the key of HS algorithms: text, or `base64:…`; at least as long as the hash |
//! | `algorithm` | `"HS256"` (`JWT_ALGORITHM`) | or HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA |
//! | `private_key` | | the key of the other algorithms: PEM text in PKCS#8 (RSA: or PKCS#1; EC: or SEC1), or the path of such a file, relative to the configuration file |
//! | `public_key` | | in the same way, for an app that only verifies the tokens of another app with this crate; both need the same `access_ttl` |
//! | `jwk`, `jwks`, `kid`, `not_before`, `retire_at`, `keys` | | see [keys](#keys) |
//! | `reload_keys` | `"10s"` | how often the files of keys are checked; `"0s"`: never |
//! | `issuer` | | the `iss` of tokens, which is also required. It is part of every [owner](#owners), and so of the key of every session in Redis: apps that share a Redis need different ones, and changing it ends all sessions |
//! | `audience` | | the `aud` of access tokens, which is also required. May be a list; one match is enough. Without it, tokens that name an audience are rejected. `refresh` and names that begin with `refresh:` are reserved for refresh tokens |
//! | `issuers` | | the other issuers whose tokens are accepted: see [trusted issuers](#trusted-issuers) |
//! | `leeway` | `"10s"` | how far clocks may differ: for `exp`, `nbf` and `iat`, and for the `not_before` of keys, which verify from that much earlier on; at most a minute |
//! | `access_ttl` | `"15m"` (`JWT_ACCESS_TOKEN_EXPIRE_MINUTES`) | how long an access token lives, at most until its session ends; a token whose `iat` is longer ago is rejected, whatever its `exp` says |
//! | `refresh_ttl` | `"14d"` (`JWT_REFRESH_TOKEN_EXPIRE_MINUTES`) | how long a session lives without a refresh; not shorter than `access_ttl` |
//! | `session_ttl` | `"90d"`, or `refresh_ttl` if that is longer | how long a session lives, however often it is refreshed |
//! | `reuse_grace` | `"30s"` | how long the previous refresh token still gets its successor after that was [confirmed](#families); at most five minutes. Until then, it always does. `"0s"` is strict: no successor is handed out twice, so a lost response logs its user out |
//! | `revocation` | `"push"` | how access tokens of an ended session are recognized: `"push"`, in process, told by the store; `"strict"`, by asking the store on each request; `"off"`, not at all |
//! | `stale_after` | `"10s"` | how long nothing may be heard of other processes; at least three seconds |
//! | `when_stale` | `"continue"` | what happens to requests then: they continue, or `"refuse"`: 503 |
//! | `max_sessions` | `100` | how many sessions an owner has at most: a further login ends the least recently used one |
//! | `redis` | (`REDIS_URL`, or `REDIS_HOST` and `REDIS_PORT`) | the URL of a Redis; a list of URLs for a cluster; `{ sentinels = ["redis://…"], master = "…" }` for one that Sentinel monitors, with `username`, `password`, `database` and `tls` of the master if needed; without it, sessions are kept in memory |
//! | `wait_replicas` | `0` | how many replicas must have a logout, or the revocation of an access token, before it is answered: 503 if fewer have it in a quarter of `store_timeout`; see [what Redis may lose](store::RedisStore#what-redis-may-lose) |
//! | `prefix` | `"jwt-auth"` | the prefix of all keys in Redis: apps without an `issuer` that share a Redis need different ones |
//! | `store_timeout` | `"500ms"` | how long a request waits for the store before it is answered 503 |
//! | `realm` | `"api"` | the realm of the challenge |
//! | `token_cache` | `"16MiB"`, unless all keys are secrets | how much memory the cache of verified tokens may use, so that a signature is verified once and not on each request; dates, revocations and keys are checked all the same. For secrets, it saves about a tenth of a small request; `"0B"`: no cache |
//! | `fastapi_framework` | | `"issue"` while a service on fastapi_framework (Python) is live, `"accept"` after it: see [`compat::fastapi_framework`]. While it is set, `access_ttl` is `"30m"` and `refresh_ttl` `"6h"` by default, as there |
//!
//! Without any key, an app in the debug profile makes up a secret at each launch and says so; in other profiles, it
//! does not launch.
//!
//! # When the store is unavailable
//!
//! Requests with an access token continue as before, unless routes or settings ask the store (`strict`, `when_stale`).
//! Logins, refreshes and logouts, [`create_access_token`](JwtAuth::create_access_token) and the revocation of a single
//! access token are answered 503 with `Retry-After`, within `store_timeout`: never 401, which would make clients
//! discard their tokens. The same refresh token works when the store is back, also if the store had done its work and
//! only the response was lost, however long ago. With `reuse_grace = "0s"`, that logs the user out.
//!
//! A confirmation that fails is repeated by the next request with an access token of the pair. At most 4,096 requests
//! wait for the store at a time; further ones are answered 503 at once.
//!
//! A Redis that is full (`maxmemory`, with `noeviction`) refuses logins: 503. Refreshes, logouts and revocations work,
//! since they need hardly any memory.
//!
//! In a cluster, an unavailable shard affects only its own users, unless `when_stale` is `"refuse"`. For that, set
//! `cluster-require-full-coverage no` in the configuration of Redis: it is `yes` by default, and then all shards refuse
//! when one is unavailable. A failover begins after 15 s in a cluster (`cluster-node-timeout`), and after 30 s
//! with Sentinel (`down-after-milliseconds`), unless you set less: 5 s are enough for both.
//!
//! An app does not launch without its Redis, or without a shard of it: it could not know what was revoked before.
//!
//! # Coming from Python
//!
//! A service that uses `fastapi_framework.jwt_auth` can migrate route by route, without logging users out:
//! [`compat::fastapi_framework`] describes how.
//!
//! # Under another name
//!
//! The macros call this crate `jwt_auth`. If `Cargo.toml` gives it another name, add one line to the root of your
//! crate: `extern crate auth as jwt_auth;`.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `macros` | on | `#[derive(Claims)]`, `#[require_auth]`, `#[policy]`, `#[public]` and `routes![]` |
//! | `redis` | on | [`RedisStore`](store::RedisStore), over `redis://` and `rediss://` |
//! | `cluster` | off | sessions in a Redis Cluster |
//! | `sentinel` | off | sessions in a Redis that Sentinel monitors |
//! | `remote` | off | keys of [identity providers](#identity-providers), fetched over HTTPS |
//! | `testing` | off | [`testing`]: signed-in users and an access audit, for the tests of apps |
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
pub mod guide;

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
