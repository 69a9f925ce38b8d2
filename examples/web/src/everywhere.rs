//! Signing out everywhere, for which the user enters the password again. It needs no scripts: `fresh` redirects the user to
//! the login page, whose form posts to `/auth/reauthenticate`.

use askama::Template;
use jwt_auth::{Auth, AuthError, CurrentSession, JwtAuth, SignedOut, require_auth};
use rocket::response::Redirect;
use rocket::{Route, get, post};

use crate::accounts::User;
use crate::page::Page;

#[derive(Template)]
#[template(path = "everywhere.html")]
struct EverywherePage;

#[require_auth(User, fresh = "5m")]
#[get("/account/sign-out-everywhere")]
fn confirm() -> Page<EverywherePage> {
    Page(EverywherePage)
}

/// A user who was let in to the page has another five minutes to submit its form.
#[require_auth(fresh = "10m")]
#[post("/account/sign-out-everywhere")]
async fn sign_out_everywhere(
    user: Auth<User>,
    session: CurrentSession<'_>,
    auth: &JwtAuth,
) -> Result<SignedOut<Redirect>, AuthError> {
    auth.revoke_subject::<User>(user.id).await?;
    Ok(auth.sign_out(&session).await?.with(Redirect::to("/")))
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![confirm, sign_out_everywhere]
}
