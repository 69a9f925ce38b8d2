//! Headers of the response that depend on the results of the guards, whichever catcher created the response.

use rocket::http::Header;
use rocket::{Request, Response};

use super::challenge::challenge;
use super::login_page::redirect_to_login;
use super::outgoing::write_cookies;
use super::report::report;
use super::state::{RequestState, jwt_auth};
use super::vary::vary;

/// Adds the headers to a response.
pub(crate) async fn complete<'r>(request: &'r Request<'_>, response: &mut Response<'r>) {
    let state = RequestState::of(request);
    if let Some(error) = state.failure(response.status())
        && !redirect_to_login(request, response, &error)
    {
        challenge(request, response, &error);
    }
    if let Ok(auth) = jwt_auth(request) {
        if let Some(cookies) = auth.cookies() {
            // Not every cache respects `Vary: Cookie`. What the handler says about caching counts.
            if state.cookie_accepted.is_set() && !response.headers().contains("Cache-Control") {
                response.set_header(Header::new("Cache-Control", "private, no-cache"));
            }
            if let Some(outgoing) = state.take_outgoing() {
                // Most responses have none, so its future is allocated only for the others.
                Box::pin(write_cookies(request, response, outgoing, cookies, auth)).await;
            }
        }
        report(request, response.status(), state, auth.observers());
    }
    if state.token_read.is_set() {
        vary(response, "Authorization");
    }
    if state.cookie_read.is_set() {
        vary(response, "Cookie");
    }
}
