//! Requests of users who are signed in.

use rocket::http::Header;
use rocket::local::{asynchronous, blocking};
use rocket::{Orbit, Rocket};

use super::{auth, clock};
use crate::claims::Claims;
use crate::refresh::TokenPair;

/// What a request of Rocket's local clients, blocking or asynchronous, can carry. The app must have been
/// made ready by [`testing::app`](super::app).
#[expect(clippy::wrong_self_convention, reason = "a request as a user makes it")]
pub trait AuthRequest: Sized {
    /// With a good access token, of a session that begins now. One of another issuer is signed with a key that
    /// was made up for it, and belongs to no session.
    ///
    /// # Panics
    ///
    /// The app was not made ready for tests, or the claims cannot be put into a token.
    fn as_user<C: Claims>(self, claims: &C) -> Self {
        clock(self.app());
        let token = auth(self.app()).good_access_token(claims);
        let token = token.unwrap_or_else(|error| panic!("nobody is signed in: {error:?}"));
        self.with_bearer(&token)
    }

    /// With an access token that has just expired.
    ///
    /// # Panics
    ///
    /// As [`as_user`](Self::as_user).
    fn as_expired<C: Claims>(self, claims: &C) -> Self {
        let token = auth(self.app()).expired_access_token(claims);
        let token = token.unwrap_or_else(|error| panic!("no token can be made: {error:?}"));
        self.with_bearer(&token)
    }

    /// With the access token of a session.
    fn with_session(self, pair: &TokenPair) -> Self {
        self.with_bearer(&pair.access_token)
    }

    /// With any text for a token.
    fn with_bearer(self, token: &str) -> Self;

    /// The app that the request goes to.
    fn app(&self) -> &Rocket<Orbit>;
}

impl AuthRequest for blocking::LocalRequest<'_> {
    fn with_bearer(self, token: &str) -> Self {
        self.header(bearer(token))
    }

    fn app(&self) -> &Rocket<Orbit> {
        self.inner().rocket()
    }
}

impl AuthRequest for asynchronous::LocalRequest<'_> {
    fn with_bearer(self, token: &str) -> Self {
        self.header(bearer(token))
    }

    fn app(&self) -> &Rocket<Orbit> {
        self.inner().rocket()
    }
}

fn bearer(token: &str) -> Header<'static> {
    Header::new("Authorization", format!("Bearer {token}"))
}
