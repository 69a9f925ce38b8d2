//! Redirects to the login page, for page navigations without a session and for failed sign-ins.

use std::io::Cursor;

use rocket::http::uri::fmt::{Query, UriDisplay};
use rocket::http::{Header, MediaType, Method, Status};
use rocket::response::{self, Responder};
use rocket::{Request, Response};

use super::next::Next;
use super::renewal::is_prefetch;
use super::state::{RequestState, jwt_auth};
use crate::error::AuthError;

/// Turns the rejection of a page navigation into a redirect to the login page, if the app has one. Returns whether it
/// did.
pub(super) fn redirect_to_login(
    request: &Request<'_>,
    response: &mut Response<'_>,
    error: &AuthError,
) -> bool {
    if error.status() != Status::Unauthorized || !is_page_navigation(request) {
        return false;
    }
    let uri = request.uri().to_string();
    let next = Next::parse(&uri);
    if next.is_some_and(|next| next.is_login_page(request)) {
        return false;
    }
    let error = matches!(error, AuthError::InsufficientUserAuthentication(_)).then(|| error.code());
    let Some(target) = login_target(request, error, next) else { return false };
    redirect(response, target);
    true
}

/// The response to a form that could not sign its user in: a redirect to the login page, if the app has one.
pub(crate) struct SignInAgain<'n>(pub(crate) AuthError, pub(crate) Next<'n>);

impl<'r> Responder<'r, 'static> for SignInAgain<'_> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let Self(error, next) = self;
        let Some(target) = login_target(request, Some(error.code()), Some(next)) else {
            return error.respond_to(request);
        };
        let state = RequestState::of(request);
        state.set_failure(&error);
        state.set_final();
        let mut response = Response::new();
        redirect(&mut response, target);
        Ok(response)
    }
}

fn redirect(response: &mut Response<'_>, target: String) {
    response.set_status(Status::SeeOther);
    response.set_raw_header("Location", target);
    response.set_header(Header::new("Cache-Control", "no-store"));
    for name in ["WWW-Authenticate", "Retry-After", "Content-Type"] {
        response.remove_header(name);
    }
    response.set_sized_body(0, Cursor::new(""));
}

/// Returns the URL of the login page with these parameters. Returns `None` if the app has no login page, or if there is
/// no error and the user would return to the login page itself.
fn login_target(request: &Request<'_>, error: Option<&str>, next: Option<Next<'_>>) -> Option<String> {
    let page = jwt_auth(request).ok()?.cookies()?.login_page()?;
    let next = next.filter(|next| !next.is_page(page));
    let parameter = |name: &str, value: &str| format!("{name}={}", &value as &dyn UriDisplay<Query>);
    let parameters =
        [error.map(|code| parameter("error", code)), next.map(|next| parameter("next", next.as_str()))];
    let parameters: Vec<String> = parameters.into_iter().flatten().collect();
    Some(if parameters.is_empty() { page.to_owned() } else { format!("{page}?{}", parameters.join("&")) })
}

/// Returns whether the response becomes a page. Older browsers send no Fetch Metadata, but list HTML first in `Accept`.
fn is_page_navigation(request: &Request<'_>) -> bool {
    let headers = request.headers();
    request.method() == Method::Get
        && !is_prefetch(request)
        && match headers.get_one("Sec-Fetch-Mode") {
            Some(mode) => mode == "navigate",
            None => request.accept().is_some_and(|accept| {
                accept.iter().next().is_some_and(|first| *first.media_type() == MediaType::HTML)
            }),
        }
}
