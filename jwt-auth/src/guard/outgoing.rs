//! What a response does to the browser's session cookies.

use rocket::http::Header;
use rocket::response::Responder;
use rocket::{Request, Response};

use super::cross_site::check_site;
use crate::cookies::{Cookies, Fetch, find_all};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::session::TokenPair;

/// How many sessions end that a browser names with several cookies of one name.
pub(super) const MAX_ENDED: usize = 4;

/// What a response does to the cookies.
pub(super) enum Outgoing {
    /// A session has begun.
    SignIn(Pair),
    /// The session was renewed.
    Renew(Pair),
    /// The session has ended.
    Expire,
    /// A session has begun, but its tokens do not fit into cookies, so it ends.
    End(String),
}

/// The cookies with a pair of tokens.
pub(super) struct Pair {
    pub(super) cookies: [Header<'static>; 2],
    pub(super) refresh_token: String,
}

impl Pair {
    /// Makes the cookies of a pair.
    ///
    /// # Errors
    ///
    /// A browser would drop one of them.
    pub(super) fn of(pair: &TokenPair, auth: &JwtAuth, cookies: &Cookies) -> Result<Self, AuthError> {
        let lifetime = pair.is_remembered().then_some(pair.refresh_expires_in);
        match cookies.set(&pair.access_token, &pair.refresh_token, lifetime) {
            Ok(cookies) => Ok(Self { cookies, refresh_token: pair.refresh_token.clone() }),
            Err(length) => Err(AuthError::internal(format!(
                "a session cookie of {length} bytes would be dropped by browsers, which store 4096 bytes of a name and its \
                 value. The largest claims are {}. Put less into the claims",
                auth.verifier().largest_claims(&pair.access_token)
            ))),
        }
    }
}

/// Writes the cookies. A response to an unsafe request of another site gets none, so that no other site can sign a user in
/// or out: then a session that has just begun ends, and the response is replaced.
pub(super) async fn write_cookies<'r>(
    request: &'r Request<'_>,
    response: &mut Response<'r>,
    outgoing: Outgoing,
    cookies: &Cookies,
    auth: &JwtAuth,
) {
    let is_own = match outgoing {
        Outgoing::SignIn(_) => check_site(request, cookies).is_ok(),
        _ => cookies.check_site(&Fetch::of(request)).is_ok(),
    };
    let headers = match outgoing {
        Outgoing::SignIn(pair) if !is_own => {
            auth.engine().discard(&pair.refresh_token).await;
            let refused = AuthError::CrossOrigin.respond_to(request);
            *response = refused.unwrap_or_else(|status| Response::build().status(status).finalize());
            return;
        }
        Outgoing::End(refresh_token) => {
            auth.engine().discard(&refresh_token).await;
            return;
        }
        _ if !is_own => return,
        Outgoing::SignIn(pair) => {
            for previous in find_all(request, cookies.access_name()).take(MAX_ENDED) {
                if !auth.engine().are_of_one_session(previous, &pair.refresh_token) {
                    auth.engine().end_replaced_session(previous).await;
                }
            }
            pair.cookies
        }
        Outgoing::Renew(pair) => pair.cookies,
        Outgoing::Expire => cookies.expire(),
    };
    for header in headers {
        response.adjoin_header(header);
    }
    // RFC 6749, section 5.1. Also for what the handler wanted to be cached.
    response.set_header(Header::new("Cache-Control", "no-store"));
}
