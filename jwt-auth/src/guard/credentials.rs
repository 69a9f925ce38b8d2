//! Bodies that nobody may read in a log.

use std::fmt;
use std::ops::Deref;

use rocket::Request;
use rocket::data::{ByteUnit, Data, FromData, Outcome, ToByteUnit};
use serde::de::DeserializeOwned;

use super::trace;
use crate::error::AuthError;

/// A JSON body that holds a password or a token, to which it derefs.
///
/// It is read like Rocket's `Json`: 400 when it is not JSON, 422 when it is not a `T`, 413 when it is
/// longer than Rocket's limit `credentials`, which is 16 KiB if it is not set. But when a `Json` cannot be
/// read, Rocket logs the whole body, and with it what a client with a small mistake has sent. Of this
/// one, it logs none.
///
/// ```
/// use jwt_auth::Credentials;
///
/// #[derive(serde::Deserialize)]
/// struct Login { username: String, password: String }
///
/// #[rocket::post("/login", data = "<login>")]
/// fn login(login: Credentials<Login>) -> String {
///     format!("Hello, {}!", login.username)
/// }
/// ```
pub struct Credentials<T>(T);

/// A body that is not what it should be. Says nothing of what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedCredentials {
    /// It is not JSON, or was cut off.
    #[error("the body is not JSON")]
    NotJson,
    /// It is JSON of another form.
    #[error("the body is not of the form that is asked for")]
    WrongForm,
    /// It is too long.
    #[error("the body is too long")]
    TooLong,
}

impl<T> Credentials<T> {
    /// What is in the body.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Credentials<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Credentials<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

#[rocket::async_trait]
impl<'r, T: DeserializeOwned> FromData<'r> for Credentials<T> {
    type Error = MalformedCredentials;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let limit = request.limits().get("credentials").unwrap_or(16.kibibytes());
        match read(data, limit).await {
            Ok(value) => Outcome::Success(Self(value)),
            Err(reason) => {
                let error = AuthError::from(reason);
                trace::failed(request, &error);
                Outcome::Error((error.status(), reason))
            }
        }
    }
}

async fn read<T: DeserializeOwned>(data: Data<'_>, limit: ByteUnit) -> Result<T, MalformedCredentials> {
    let body = data.open(limit).into_bytes().await.map_err(|_| MalformedCredentials::NotJson)?;
    if !body.is_complete() {
        return Err(MalformedCredentials::TooLong);
    }
    serde_json::from_slice(&body).map_err(|error| match error.is_data() {
        true => MalformedCredentials::WrongForm,
        false => MalformedCredentials::NotJson,
    })
}
