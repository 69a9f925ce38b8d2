//! The response to a request that has been carried out.

use rocket::Request;
use rocket::response::status::NoContent;
use rocket::response::{self, Responder};
use rocket::route::Outcome;

use crate::guard::{Next, SignedIn};
use crate::session::TokenPair;

/// A 204 or, for a form, a 303 to the next page.
pub(super) struct Done<'r>(pub(super) Option<Next<'r>>);

impl<'r> Responder<'r, 'static> for Done<'_> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self.0 {
            None => NoContent.respond_to(request),
            Some(next) => next.respond_to(request),
        }
    }
}

/// Returns the response with a new pair of tokens, or a redirect to the next page for a form.
pub(super) fn tokens<'r>(request: &'r Request<'_>, pair: TokenPair, next: Option<Next<'_>>) -> Outcome<'r> {
    let signed_in = SignedIn::new(pair);
    match next {
        None => Outcome::from(request, signed_in),
        Some(next) => Outcome::from(request, signed_in.with(next)),
    }
}
