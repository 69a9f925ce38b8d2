//! A client that treats cookies as a browser does.

mod jar;
mod page;
mod site;

use std::sync::{Mutex, MutexGuard, PoisonError};

use rocket::http::{HeaderMap, Method, Status};
use rocket::local::asynchronous::Client;
use rocket::{Build, Orbit, Rocket};

use self::jar::Jar;
pub use self::page::{BrowserRequest, Page};
use self::site::Origin;
use super::{app, auth, clock};
use crate::clock::Clock;

/// Launches an app as [`testing::app`](super::app) prepares it, and returns a browser that can open it.
///
/// The app is at `http://localhost:8000`, or at `https://app.example.com` if its session cookies are
/// [secure](crate::guide::settings).
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// # use jwt_auth::{Auth, AuthError, Claims, JwtAuth, SameOrigin, SignedIn, public, require_auth};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # pub struct User { #[claims(subject)] pub name: String }
/// # #[public]
/// # #[rocket::post("/login", data = "<name>")]
/// # async fn login(_from: SameOrigin, name: String, auth: &JwtAuth) -> Result<SignedIn, AuthError> {
/// #     Ok(SignedIn::new(auth.generate_tokens(&User { name }).await?))
/// # }
/// # #[require_auth]
/// # #[rocket::post("/transfer")]
/// # fn transfer(user: Auth<User>) -> String { user.name.clone() }
/// # pub fn rocket() -> rocket::Rocket<rocket::Build> {
/// #     rocket::build().attach(JwtAuth::fairing().cookies()).mount("/", jwt_auth::routes![login, transfer])
/// # }
/// # }
/// # #[cfg(feature = "macros")] ::rocket::async_test(async {
/// # use app::rocket;
/// use jwt_auth::testing;
/// use ::rocket::http::Status;
///
/// let browser = testing::browser(rocket()).await;
/// let page = browser.page();
/// page.post("/login").body("ann").send().await;
/// assert_eq!(page.post("/transfer").send().await.body(), "ann");
///
/// let evil = browser.page_of("https://evil.example");
/// assert_eq!(evil.post("/transfer").send().await.status(), Status::Unauthorized, "the cookie stayed at home");
/// # });
/// ```
///
/// # Panics
///
/// The app does not launch.
pub async fn browser(rocket: Rocket<Build>) -> Browser {
    let client = Client::untracked(app(rocket)).await;
    let client = client.unwrap_or_else(|error| panic!("the app does not launch: {error}"));
    let is_secure = auth(client.rocket()).cookies().is_some_and(|cookies| cookies.is_secure());
    let origin = if is_secure { "https://app.example.com" } else { "http://localhost:8000" };
    Browser { client, origin: Origin::parse(origin), sends_metadata: true, jar: Mutex::default() }
}

/// A browser with one profile, which has an app at an origin of its own. [`browser`] launches it.
///
/// It stores cookies and sends them by their `Path`, `Domain`, `Secure`, `SameSite`, `Max-Age` and `Expires`, and the rules of
/// the name prefixes (RFC 6265bis); and it sends `Origin` and Fetch Metadata. Its time is the [`clock`](super::clock()) of the
/// app. It has no CORS: a page sees every response.
pub struct Browser {
    client: Client,
    origin: Origin,
    sends_metadata: bool,
    jar: Mutex<Jar>,
}

/// The response to a request of a [`Browser`].
#[derive(Clone, Debug)]
pub struct BrowserResponse {
    status: Status,
    headers: HeaderMap<'static>,
    body: String,
}

impl Browser {
    /// Leaves out Fetch Metadata, as browsers before 2023 do.
    pub fn without_fetch_metadata(mut self) -> Self {
        self.sends_metadata = false;
        self
    }

    /// Returns a page of the app.
    pub fn page(&self) -> Page<'_> {
        Page::new(self, Some(self.origin.clone()))
    }

    /// Returns a page of another origin, such as `https://evil.example`.
    ///
    /// # Panics
    ///
    /// The text is not an origin.
    pub fn page_of(&self, origin: &str) -> Page<'_> {
        Page::new(self, Some(Origin::parse(origin)))
    }

    /// Returns a request as if the user typed this path into the address bar, or opened it from an app.
    pub fn open<'a>(&'a self, path: &'a str) -> BrowserRequest<'a> {
        Page::new(self, None).navigate(Method::Get, path)
    }

    /// Forgets the cookies that end with the browser, as when it is closed.
    pub fn close(&self) {
        self.jar().close();
    }

    /// Returns the value of a cookie that a page of the app would send.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.jar().matching(&self.origin, "/", self.now());
        cookies.into_iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Returns the names of the cookies that a page of the app would send, in order.
    pub fn cookie_names(&self) -> Vec<String> {
        let cookies = self.jar().matching(&self.origin, "/", self.now());
        cookies.into_iter().map(|(name, _)| name).collect()
    }

    /// Stores a cookie as if a response of this origin had this `Set-Cookie` header. Returns whether the browser accepts it.
    ///
    /// # Panics
    ///
    /// The text is not an origin.
    pub fn set_cookie(&self, origin: &str, header: &str) -> bool {
        self.jar().set(&Origin::parse(origin), header, self.now())
    }

    /// Returns the app.
    pub fn rocket(&self) -> &Rocket<Orbit> {
        self.client.rocket()
    }

    fn now(&self) -> u64 {
        clock(self.rocket()).now().as_secs()
    }

    fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BrowserResponse {
    /// Returns the status.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap<'static> {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Returns the `Set-Cookie` headers.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get("Set-Cookie").collect()
    }
}
