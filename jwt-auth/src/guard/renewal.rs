//! Renewal: a request that comes with an expired access token in a cookie, and a valid refresh token in another, gets a new
//! pair on the way.

use rocket::Request;

use super::outgoing::{Outgoing, Pair};
use super::state::{Renewed, RequestState, jwt_auth};
use super::token::RequestToken;
use crate::auth::Source;
use crate::cookies::{Fetch, Found, find};
use crate::error::{AuthError, InvalidGrant, InvalidToken};

/// Renews the access token of a request, once. Returns the new one, or `None` if the request has nothing to renew it with.
///
/// # Errors
///
/// The session has ended, or nothing can be said about it at the moment.
pub(super) async fn renew<'r>(
    request: &'r Request<'_>,
    expired: &str,
) -> Result<Option<RequestToken<'r>>, AuthError> {
    let state = RequestState::of(request);
    let renewed = state.renew(renew_once(request, expired)).await?;
    Ok(renewed.map(|renewed| RequestToken { text: &renewed.token, source: Source::Cookie, is_renewed: true }))
}

async fn renew_once(request: &Request<'_>, expired: &str) -> Result<Option<Renewed>, AuthError> {
    let (state, auth) = (RequestState::of(request), jwt_auth(request)?);
    let (Some(cookies), Some(users)) = (auth.cookies().filter(|cookies| cookies.renews), auth.users()) else {
        return Ok(None);
    };
    if cookies.check_site(&Fetch::of(request)).is_err() {
        return Ok(None);
    }
    let refresh_token = match find(request, cookies.refresh_name()) {
        Found::None => return Ok(None),
        Found::One(token) => token,
        Found::Several => {
            state.offer_outgoing(Outgoing::Expire);
            return Ok(None);
        }
    };
    // A refresh token of another session was planted, or is left from an earlier one.
    if !auth.engine().are_of_one_session(expired, refresh_token) {
        return Ok(None);
    }
    if is_prefetch(request) {
        state.renewal_skipped.set();
        return Ok(None);
    }
    match users.renew(auth, refresh_token, request).await {
        Ok(pair) => {
            let entry = auth.verifier().entry(&pair.access_token);
            let pair_of_cookies = Pair::of(&pair, auth, cookies)?;
            state.offer_outgoing(Outgoing::Renew(pair_of_cookies));
            Ok(Some(Renewed { token: pair.access_token, entry }))
        }
        Err(AuthError::InvalidGrant(why)) => {
            expire_if_ended(request, &why);
            Err(InvalidToken::Expired.into())
        }
        Err(error) => Err(error),
    }
}

/// Makes the browser forget its cookies if the store says that their session has ended, so that they are of no use anymore.
pub(crate) fn expire_if_ended(request: &Request<'_>, why: &InvalidGrant) {
    if let InvalidGrant::Unknown
    | InvalidGrant::Expired
    | InvalidGrant::Reused
    | InvalidGrant::NoSuchSubject = why
    {
        RequestState::of(request).offer_outgoing(Outgoing::Expire);
    }
}

/// Returns whether the browser only prepares for a page that the user may open: its response may be thrown away.
pub(super) fn is_prefetch(request: &Request<'_>) -> bool {
    ["Sec-Purpose", "Purpose"].iter().any(|name| {
        let mut values = request.headers().get(name);
        values.any(|value| value.to_ascii_lowercase().contains("prefetch"))
    })
}
