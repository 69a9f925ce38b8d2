//! Mountable routes that sign users in and out, and list and end their sessions.

mod body;
mod endpoint;
#[cfg(feature = "utoipa")]
mod openapi;
mod reauthenticate;
mod refresh;
mod reply;
mod sessions;
mod sign_in;
mod sign_out;
mod with_token;

use rocket::Route;
use rocket::http::Method::{Delete, Get, Post};

use self::endpoint::{AnyUser, route};
use crate::policy::Access;
use crate::session::Users;

/// Returns routes that sign [`Users`] in and out, and list and end their sessions. Mount them at any path:
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// # use jwt_auth::{Claims, Continued, JwtAuth, SignIn, Users};
/// # use rocket::{FromForm, Request};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)] struct User { #[claims(subject)] id: u64 }
/// # #[derive(Deserialize, FromForm)] struct Login { username: String }
/// # struct Accounts;
/// # impl Users for Accounts {
/// #     type Claims = User; type Id = u64; type Credentials = Login; type Error = std::io::Error;
/// #     fn account<'c>(&self, login: &'c Login) -> &'c str { &login.username }
/// #     async fn sign_in(&self, login: Login, _: &Request<'_>) -> Result<SignIn<User>, std::io::Error> {
/// #         Ok(SignIn::accepted(User { id: 5 }))
/// #     }
/// #     async fn load(&self, session: Continued<u64>, _: &Request<'_>) -> Result<Option<User>, std::io::Error> {
/// #         Ok(Some(User { id: *session.subject() }))
/// #     }
/// # }
/// # fn rocket() -> rocket::Rocket<rocket::Build> {
/// rocket::build()
///     .attach(JwtAuth::fairing().users(Accounts))
///     .mount("/auth", jwt_auth::session_routes::<Accounts>())
/// # }
/// # }
/// ```
///
/// | route | caller | body | response |
/// |---|---|---|---|
/// | `POST /login` | everyone | [`Users::Credentials`] | 200; 401 `invalid_credentials`; 429 `too_many_attempts` |
/// | `POST /refresh` | everyone | `{"refresh_token"}`, or none if the browser has session cookies | 200; 401 `invalid_grant` |
/// | `POST /reauthenticate` | everyone | [`Users::Credentials`], and `refresh_token` as for `/refresh` | 200; 401 `invalid_credentials` if the credentials are not those of the session's user; 401 `invalid_grant`; 429 `too_many_attempts` |
/// | `POST /logout` | everyone | as for `/refresh` | 204, also if the session had already ended |
/// | `POST /logout-all` | a user | | 204; all sessions of the user end |
/// | `GET /session` | a user | | `{"subject", "expires_in", "signed_in_at", "acr"}`: who is signed in, and for how many seconds the access token is valid |
/// | `GET /sessions` | a user | | the user's [sessions](crate::Session), newest first, with `current` |
/// | `DELETE /sessions/<id>` | a user | | 204; 404 if the user has no such session |
/// | `DELETE /sessions` | a user | | 204; all sessions of the user end, except the current one |
///
/// The response depends on the client. **A browser** gets tokens only in cookies, and `{"expires_in"}` as the body. A
/// client counts as a browser if its request has `Sec-Fetch-Site`, `Origin`, a form as its body, or a session cookie.
/// **A program** gets the [`TokenPair`](crate::TokenPair) as JSON. Without [session cookies](crate::Fairing::cookies),
/// every client does.
///
/// **A form** gets a 303 to the page in its field `next`, or to `/` if that is not a page of this app
/// ([`Next`](crate::Next)). If the sign-in fails and the app has a [login page](crate::Fairing::login_page), the 303
/// leads there, with `error` and `next`; so does a form of a user who is signed out. A form that deletes sessions has `_method` with the value `delete` as its
/// first field.
///
/// `/reauthenticate` signs the user of a session in again, for routes that require a
/// [recent or a stronger sign-in](crate::guide::step_up). The session continues, with a new pair of tokens. If the
/// credentials are rejected, or belong to another user, it stays as it is. [`Users::sign_in`] checks the credentials, and
/// sets the strength and the duration of the new sign-in with [`SignIn::acr`](crate::SignIn::acr) and
/// [`SignIn::elevated_for`](crate::SignIn::elevated_for).
///
/// `/login` and `/reauthenticate` limit the attempts from each network, and the failed attempts on each account. The
/// [guide](crate::guide::throttling) describes the limits.
///
/// If the body has a refresh token, only that token counts, and the cookies are ignored. A request that a page on
/// another site caused is rejected with 403 `cross_origin` before the body is read. A body that cannot be parsed is rejected
/// as [`Credentials`](crate::Credentials) does: with 400, 413 or 422. If the store does not answer, the
/// response is 503, and nothing has changed, except that a logout may already have taken effect.
///
/// The app launches only if its [fairing](crate::Fairing::users) has the same users.
pub fn session_routes<U: Users>() -> Vec<Route> {
    let user = || Access::of::<AnyUser<U>>();
    vec![
        route::<U>("session_login", Post, "/login", Access::Public, sign_in::login::<U>),
        route::<U>("session_refresh", Post, "/refresh", Access::Public, refresh::refresh),
        route::<U>(
            "session_reauthenticate",
            Post,
            "/reauthenticate",
            Access::Public,
            reauthenticate::reauthenticate::<U>,
        ),
        route::<U>("session_logout", Post, "/logout", Access::Public, sign_out::logout),
        route::<U>("session_logout_all", Post, "/logout-all", user(), sign_out::logout_all::<U>),
        route::<U>("session_current", Get, "/session", user(), sessions::session::<U>),
        route::<U>("session_list", Get, "/sessions", user(), sessions::sessions::<U>),
        route::<U>("session_end", Delete, "/sessions/<id>", user(), sessions::end_session::<U>),
        route::<U>("session_end_others", Delete, "/sessions", user(), sessions::end_other_sessions::<U>),
    ]
}
