//! The response to a request that has been carried out.

use rocket::Request;
use rocket::response::status::NoContent;
use rocket::response::{self, Responder};

use crate::guard::Next;

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
