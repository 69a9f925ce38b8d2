//! Responses that say that something is done.

use rocket::Request;
use rocket::response::status::NoContent;
use rocket::response::{self, Responder};

use crate::guard::Next;

/// 204, or a 303 to the next page for a form.
pub(super) struct Done<'r>(pub(super) Option<Next<'r>>);

impl<'r> Responder<'r, 'static> for Done<'_> {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self.0 {
            None => NoContent.respond_to(request),
            Some(next) => next.respond_to(request),
        }
    }
}
