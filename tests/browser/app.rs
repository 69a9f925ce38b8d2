//! The app that the browser opens: a login, a logout, pages and routes that change something.

use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::testing::{self, Browser};
use jwt_auth::{
    Auth, AuthError, Continued, CurrentSession, Device, JwtAuth, MaybeAuth, SameOrigin, SignIn, SignedIn,
    SignedOut, Users, public, require_auth,
};
use jwt_auth_tests::{Setup, User, user};
use rocket::form::Form;
use rocket::http::Status;
use rocket::response::Redirect;
use rocket::{Build, FromForm, Request, Rocket, State, delete, get, post, put};
use serde::Deserialize;

/// How often a handler that changes something was called.
#[derive(Default)]
pub(crate) struct Changes(AtomicUsize);

impl Changes {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Everyone may sign in, under any name, with the password `right`.
pub(crate) struct Accounts;

#[derive(Deserialize, FromForm)]
pub(crate) struct Login {
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    remember: bool,
}

impl Users for Accounts {
    type Claims = User;
    type Id = String;
    type Credentials = Login;
    type Error = std::io::Error;

    fn account<'c>(&self, login: &'c Login) -> &'c str {
        &login.name
    }

    async fn sign_in(&self, login: Login, _: &Request<'_>) -> Result<SignIn<User>, std::io::Error> {
        Ok(match login.password.as_str() {
            "right" => SignIn::accepted(user(&login.name)).remember(login.remember),
            _ => SignIn::rejected(),
        })
    }

    async fn load(
        &self,
        session: Continued<String>,
        _: &Request<'_>,
    ) -> Result<Option<User>, std::io::Error> {
        let name = session.into_subject();
        Ok(match name.as_str() {
            "deleted" => None,
            "promoted" => {
                Some((0..300).fold(user(&name), |user, number| user.role(&format!("role-{number}"))))
            }
            _ => Some(user(&name)),
        })
    }
}

#[public]
#[post("/login", data = "<login>")]
async fn login(
    _from: SameOrigin,
    login: Form<Login>,
    device: Device,
    auth: &JwtAuth,
    changes: &State<Changes>,
) -> Result<SignedIn, AuthError> {
    changes.add();
    let accepted = match login.password.as_str() {
        "right" => SignIn::accepted(user(&login.name)).remember(login.remember),
        _ => SignIn::rejected(),
    };
    Ok(SignedIn::new(auth.sign_in(accepted, device).await?))
}

/// A login whose author forgot that other sites can call it.
#[public]
#[post("/careless-login/<name>")]
async fn careless_login(name: &str, auth: &JwtAuth) -> Result<SignedIn<Redirect>, AuthError> {
    let pair = auth.generate_tokens(&user(name)).remember(true).await?;
    Ok(SignedIn::new(pair).with(Redirect::to("/")))
}

#[public]
#[post("/logout")]
async fn logout(session: CurrentSession<'_>, auth: &JwtAuth) -> Result<SignedOut, AuthError> {
    auth.sign_out(&session).await
}

#[public]
#[post("/refresh")]
async fn refresh_by_hand(browser: CurrentSession<'_>, auth: &JwtAuth) -> Result<SignedIn, AuthError> {
    let token = browser.refresh_token().ok_or(AuthError::Unauthorized)?;
    Ok(SignedIn::new(auth.refresh(token, async |name: String| Some(user(&name))).await?))
}

#[public]
#[get("/")]
fn home(visitor: MaybeAuth<User>) -> String {
    visitor.as_ref().map_or_else(|| "anonymous".to_owned(), |user| user.name.clone())
}

#[public]
#[get("/login")]
fn login_form() -> &'static str {
    "a form"
}

#[require_auth(optional)]
#[get("/feed")]
fn feed(visitor: MaybeAuth<User>) -> String {
    visitor.as_ref().map_or_else(|| "anonymous".to_owned(), |user| user.name.clone())
}

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> String {
    format!("{} by {:?}", user.name, user.source().expect("it came with the request"))
}

#[require_auth(User)]
#[post("/change", data = "<_body>")]
fn change(_body: String, changes: &State<Changes>) {
    changes.add();
}

#[require_auth(User)]
#[delete("/item")]
fn remove(changes: &State<Changes>) {
    changes.add();
}

#[require_auth(User)]
#[put("/item")]
fn replace(changes: &State<Changes>) {
    changes.add();
}

#[require_auth(User)]
#[get("/item")]
fn read() -> &'static str {
    "an item"
}

#[require_auth(User)]
#[get("/moved")]
fn moved() -> Redirect {
    Redirect::to("/me")
}

#[require_auth(User, role = "admin")]
#[get("/admin")]
fn admin() {}

#[require_auth(User)]
#[get("/missing")]
fn missing() -> Status {
    Status::NotFound
}

#[require_auth(User)]
#[get("/panic")]
fn panics() {
    panic!("a mistake of the handler");
}

/// An app on these settings, whose cookies are those of a release.
pub(crate) fn rocket(setup: &Setup) -> Rocket<Build> {
    mount(setup.attach(JwtAuth::fairing().clock(setup.clock.clone()).cookies().users(Accounts)))
}

pub(crate) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
    let routes = jwt_auth::routes![
        login,
        careless_login,
        logout,
        refresh_by_hand,
        home,
        login_form,
        feed,
        me,
        change,
        remove,
        replace,
        read,
        moved,
        admin,
        missing,
        panics
    ];
    rocket.manage(Changes::default()).mount("/", routes)
}

/// Settings with secure cookies, as in a release.
pub(crate) fn secure() -> Setup {
    Setup::memory().with("cookies.secure", true)
}

/// A browser that has an app with secure cookies.
pub(crate) async fn browser() -> Browser {
    testing::browser(rocket(&secure())).await
}

/// Signs a user in, on a page of the app.
pub(crate) async fn sign_in(browser: &Browser, name: &str, remember: bool) {
    let form = format!("name={name}&password=right&remember={remember}");
    let response = browser.page().submit("/login", &form).send().await;
    assert_eq!(response.status(), Status::Ok, "{response:?}");
}

/// How often a handler that changes something was called.
pub(crate) fn changes(browser: &Browser) -> usize {
    browser.rocket().state::<Changes>().expect("it is managed").count()
}

pub(crate) const ACCESS: &str = "__Host-Http-jwt";
pub(crate) const REFRESH: &str = "__Host-Http-jwt-refresh";

/// How long an access token is accepted, in seconds, with the leeway.
pub(crate) const ACCESS_TTL: u64 = 15 * 60 + 10;
