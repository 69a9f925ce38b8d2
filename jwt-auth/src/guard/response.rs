//! Headers of the response that depend on the results of the guards, whichever catcher created the response.

use rocket::{Request, Response};

use super::challenge::challenge;
use super::state::RequestState;
use super::vary::vary;

/// Adds the headers to a response.
pub(crate) fn complete(request: &Request<'_>, response: &mut Response<'_>) {
    let state = RequestState::of(request);
    if let Some(error) = state.failure(response.status()) {
        challenge(request, response, &error);
    }
    if state.is_token_read() {
        vary(response);
    }
}
