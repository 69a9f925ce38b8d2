//! Requests of signed-in users.

use rocket::http::Header;
use rocket::local::{asynchronous, blocking};
use rocket::{Orbit, Rocket};

use super::{auth, clock};
use crate::claims::Claims;
use crate::session::TokenPair;

/// Adds tokens to the requests of Rocket's local clients, blocking or asynchronous. The app must have been prepared by
/// [`testing::app`](super::app).
#[expect(clippy::wrong_self_convention, reason = "a request as a user")]
pub trait AuthRequest: Sized {
    /// Adds a valid access token of a session that begins now. For claims of a trusted issuer, the token is signed with
    /// a key that was generated for that issuer, and belongs to no session.
    ///
    /// # Panics
    ///
    /// Panics if the app was not prepared for tests, or if the claims cannot be put into a token.
    fn as_user<C: Claims>(self, claims: &C) -> Self {
        clock(self.app());
        let token = auth(self.app()).valid_access_token(claims);
        let token = token.unwrap_or_else(|error| panic!("the user cannot sign in: {error:?}"));
        self.with_bearer(&token)
    }

    /// Adds an access token that has just expired.
    ///
    /// # Panics
    ///
    /// Panics in the same cases as [`as_user`](Self::as_user).
    fn as_expired<C: Claims>(self, claims: &C) -> Self {
        let token = auth(self.app()).expired_access_token(claims);
        let token = token.unwrap_or_else(|error| panic!("the token cannot be issued: {error:?}"));
        self.with_bearer(&token)
    }

    /// Adds the access token of a session.
    fn with_session(self, pair: &TokenPair) -> Self {
        self.with_bearer(&pair.access_token)
    }

    /// Adds any text as the token.
    fn with_bearer(self, token: &str) -> Self;

    /// Returns the app that the request goes to.
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
