//! The pages with the sign-in form, which posts to `/auth/login`, and with the form that asks for the password again.

use askama::Template;
use jwt_auth::{Auth, MaybeAuth, Next, require_auth};
use rocket::{Route, get};

use crate::accounts::User;
use crate::page::Page;

/// The content of the form, `sign_in.html`.
pub struct SignInForm {
    /// Where the user goes after the sign-in.
    pub next: String,
    /// The error message. Empty before the first attempt.
    pub error: &'static str,
}

impl SignInForm {
    pub fn new(next: Next<'_>) -> Self {
        Self { next: next.to_string(), error: "" }
    }

    /// Adds the message for an error code. The code comes from the query, so the message does not contain it.
    fn with_error(self, code: Option<&str>) -> Self {
        let error = match code {
            None => "",
            Some("invalid_credentials") => "Invalid username or password.",
            Some("too_many_attempts") => "Too many attempts. Try again later.",
            Some("insufficient_user_authentication") => "You signed in a while ago.",
            Some(_) => "Please sign in again.",
        };
        Self { error, ..self }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    user: Option<Auth<User>>,
    form: SignInForm,
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    /// The user who has to enter the password again.
    user: Option<Auth<User>>,
    form: SignInForm,
}

#[require_auth(optional)]
#[get("/")]
fn home(user: MaybeAuth<User>) -> Page<Home> {
    Page(Home { user: user.into_inner(), form: SignInForm::new(Next::default()) })
}

/// Returns the page that failed sign-ins and requests for pages that require a sign-in are redirected to. A user who is
/// signed in comes here if the sign-in is too long ago for a page, or with a wrong password.
#[require_auth(optional)]
#[get("/login?<next>&<error>")]
fn login(user: MaybeAuth<User>, next: Next<'_>, error: Option<&str>) -> Page<LoginPage> {
    let user = user.into_inner().filter(|_| error.is_some());
    Page(LoginPage { user, form: SignInForm::new(next).with_error(error) })
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![home, login]
}
