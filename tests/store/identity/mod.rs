//! The owner of a session: an app, a kind of claims and a subject.

mod apps;
mod kinds;
mod revisions;

use jwt_auth::{AuthError, Claims, InvalidToken, JwtAuth};
use jwt_auth_tests::{Setup, User};
use serde::{Deserialize, Serialize};

/// A second kind of caller, with the same ids as users.
#[derive(Claims, Clone, Debug, Serialize, Deserialize)]
#[claims(audience = "devices")]
pub(crate) struct Device {
    #[claims(subject)]
    pub(crate) id: String,
}

/// A caller of either kind.
#[derive(Claims, Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Caller {
    User(User),
    Device(Device),
}

fn device(id: &str) -> Device {
    Device { id: id.to_owned() }
}

/// A setup in which the access tokens of users name an audience, so that [`Caller`] can distinguish its variants.
fn with_audience(setup: Setup) -> Setup {
    setup.with("audience", "app")
}

/// Whether an access token was revoked. If not, it must be valid.
fn is_revoked<C: Claims>(auth: &JwtAuth, token: &str) -> bool {
    match auth.verify::<C>(token).map(drop) {
        Ok(()) => false,
        Err(AuthError::InvalidToken(InvalidToken::Revoked)) => true,
        other => panic!("neither valid nor revoked: {other:?}"),
    }
}
