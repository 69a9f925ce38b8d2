//! The page on which visitors create an account. It needs no scripts.

use askama::Template;
use jwt_auth::{AuthError, Device, JwtAuth, SameOrigin, SignedIn, Throttle, public};
use rocket::form::Form;
use rocket::http::Status;
use rocket::response::Redirect;
use rocket::{Either, FromForm, Route, State, get, post, uri};

use crate::accounts::Accounts;
use crate::device;
use crate::page::Page;

/// The minimum length of a password, in characters: that of NIST SP 800-63B-4 for a password without a second factor. It
/// advises against other rules, such as one digit. A real app also rejects common and leaked passwords.
const MIN_PASSWORD: usize = 15;

/// The maximum length of a password, in bytes. Passphrases fit.
const MAX_PASSWORD: usize = 256;

/// Rocket logs values that do not pass the validation of a form, so the handler checks them.
#[derive(FromForm)]
struct Registration {
    username: String,
    password: String,
}

impl Registration {
    /// Returns what is wrong with the form.
    fn problem(&self) -> Option<&'static str> {
        // Names that look the same must not belong to two users, so there are few letters, and no capital ones.
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !(3..=32).contains(&self.username.len()) || !self.username.chars().all(is_allowed) {
            Some("Use 3 to 32 lowercase letters, digits, hyphens and underscores as the username.")
        } else if self.password.chars().count() < MIN_PASSWORD {
            Some("Use a password of at least 15 characters, such as four random words.")
        } else if self.password.len() > MAX_PASSWORD {
            Some("Use a shorter password.")
        } else {
            None
        }
    }
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    username: String,
    /// The error message. Empty before the first attempt.
    error: &'static str,
}

#[public]
#[get("/register")]
fn form() -> Page<RegisterPage> {
    Page(RegisterPage { username: String::new(), error: "" })
}

/// Creates an account, and signs the user in.
///
/// The response reveals whether a name is taken. Where users choose names, that cannot be avoided. `Throttle` limits how
/// many names a network may try. If the names are email addresses, respond the same in both cases, and send the outcome by email.
#[public]
#[post("/register", data = "<form>")]
async fn register(
    _from: SameOrigin,
    attempts: Result<Throttle<'_>, AuthError>,
    form: Form<Registration>,
    device: Device,
    accounts: &State<Accounts>,
    auth: &JwtAuth,
) -> Result<Either<SignedIn<Redirect>, (Status, Page<RegisterPage>)>, AuthError> {
    match attempts {
        Ok(_) => {}
        Err(AuthError::TooManyAttempts(_)) => {
            return Ok(rejected(form, Status::TooManyRequests, "Too many attempts. Try again later."));
        }
        Err(error) => return Err(error),
    }
    if let Some(problem) = form.problem() {
        return Ok(rejected(form, Status::UnprocessableEntity, problem));
    }
    let Some(user) = accounts.register(&form.username, &form.password).await? else {
        return Ok(rejected(form, Status::Conflict, "This username is taken."));
    };
    let label = device::name(device.user_agent().unwrap_or_default());
    let tokens = auth.generate_tokens(&user).device(device.with_label(label.as_str())).await?;
    Ok(Either::Left(SignedIn::new(tokens).with(Redirect::to(uri!("/account")))))
}

/// Shows the form again, without the password.
fn rejected<T>(
    form: Form<Registration>,
    status: Status,
    error: &'static str,
) -> Either<T, (Status, Page<RegisterPage>)> {
    let username = form.into_inner().username;
    Either::Right((status, Page(RegisterPage { username, error })))
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![form, register]
}
