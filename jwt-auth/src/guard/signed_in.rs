//! Responders that sign a browser in and out.

use rocket::Request;
use rocket::response::status::NoContent;
use rocket::response::{self, Responder};
use rocket::serde::json::Json;
use serde::Serialize;

use super::cross_site::is_from_browser;
use super::outgoing::{Outgoing, Pair};
use super::state::{RequestState, jwt_auth};
use crate::jwt_auth::JwtAuth;
use crate::session::TokenPair;

/// The response to a sign-in, in the way that its client can use: a browser gets the tokens in cookies that no script can
/// read, and `{"expires_in": …}` as the body; a program gets the [`TokenPair`] as JSON.
///
/// The client is a browser if its request has `Sec-Fetch-Site`, `Origin`, a form as its body, or a session cookie. If the
/// browser was signed in before, that session ends. Without session cookies in the settings, everyone gets the pair.
///
/// [`with`](Self::with) responds to a browser with something else, such as a redirect.
///
/// A sign-in that a page of another site has caused is refused with 403 `cross_origin`, and its session ends. Take a
/// [`SameOrigin`](crate::SameOrigin) as well, so that it is refused before the password is checked. A `GET` cannot be
/// refused: a callback of another login service checks its `state` instead.
#[derive(Debug)]
#[must_use = "a sign-in has an effect only as the response"]
pub struct SignedIn<R = ExpiresIn> {
    pair: TokenPair,
    response: R,
}

/// What a browser learns about its tokens, as JSON.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct ExpiresIn {
    /// How long the access token is valid, in seconds.
    pub expires_in: u64,
}

/// The response to a sign-out: 204, or [another response](Self::with), and the browser forgets its session cookies.
/// [`JwtAuth::sign_out`](crate::JwtAuth::sign_out) ends the session, and returns this.
#[derive(Debug)]
#[must_use = "the browser forgets its cookies only if this is the response"]
pub struct SignedOut<R = NoContent> {
    response: R,
    /// Whether the browser's cookies are of a session that has ended.
    expires_cookies: bool,
}

impl SignedIn {
    /// Hands out a pair of tokens.
    pub fn new(pair: TokenPair) -> Self {
        let response = ExpiresIn { expires_in: pair.expires_in };
        Self { pair, response }
    }

    /// Responds to a browser with this instead of JSON.
    pub fn with<R>(self, response: R) -> SignedIn<R> {
        SignedIn { pair: self.pair, response }
    }
}

impl SignedOut {
    /// `expires_cookies`: the browser's cookies are of a session that has ended.
    pub(crate) fn new(expires_cookies: bool) -> Self {
        Self { response: NoContent, expires_cookies }
    }

    /// Responds with this instead of 204.
    pub fn with<R>(self, response: R) -> SignedOut<R> {
        SignedOut { response, expires_cookies: self.expires_cookies }
    }
}

impl<'r> Responder<'r, 'static> for ExpiresIn {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Json(self).respond_to(request)
    }
}

impl<'r, 'o: 'r, R: Responder<'r, 'o>> Responder<'r, 'o> for SignedIn<R> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'o> {
        let cookies = |auth: &'r JwtAuth| auth.cookies().filter(|cookies| is_from_browser(request, cookies));
        let Some((auth, cookies)) = jwt_auth(request).ok().and_then(|auth| Some((auth, cookies(auth)?)))
        else {
            return self.pair.respond_to(request);
        };
        let state = RequestState::of(request);
        match Pair::of(&self.pair, auth, cookies) {
            Ok(pair) => {
                state.set_outgoing(Outgoing::SignIn(pair));
                self.response.respond_to(request)
            }
            Err(error) => {
                state.set_outgoing(Outgoing::End(self.pair.refresh_token));
                error.respond_to(request)
            }
        }
    }
}

impl<'r, 'o: 'r, R: Responder<'r, 'o>> Responder<'r, 'o> for SignedOut<R> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'o> {
        if self.expires_cookies {
            RequestState::of(request).set_outgoing(Outgoing::Expire);
        }
        self.response.respond_to(request)
    }
}
