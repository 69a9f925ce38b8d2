//! Request bodies that must not appear in a log.

use std::fmt;
use std::ops::Deref;

use rocket::Request;
use rocket::data::{ByteUnit, Data, FromData, Outcome, ToByteUnit};
use serde::de::DeserializeOwned;

use super::state::RequestState;
use crate::error::{AuthError, MalformedCredentials};

/// A JSON object as the body, with a password or a token. It dereferences to `T`.
///
/// It is parsed like Rocket's `Json`: the response is 400 if the body is not JSON, 422 if it is not a `T` or is a list,
/// and 413 if it is longer than Rocket's limit `credentials`, by default 16 KiB. A 422 names the field that is missing or
/// has the wrong type. The difference is in the log: if a `Json` cannot be parsed, Rocket logs the whole body, including
/// the password. No value of this body is logged.
///
/// # Example
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

impl<T> Credentials<T> {
    /// Returns the parsed body.
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
                let error = AuthError::from(reason.clone());
                RequestState::of(request).set_failure(&error);
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
    let mut json = serde_json::Deserializer::from_slice(&body);
    let value =
        serde_path_to_error::deserialize(&mut json).map_err(|error| match error.inner().is_data() {
            true => MalformedCredentials::WrongForm { field: field(&error) },
            false => MalformedCredentials::NotJson,
        })?;
    json.end().map_err(|_| MalformedCredentials::NotJson)?;
    // Serde also reads a struct from the list of its values.
    match body.trim_ascii_start().starts_with(b"[") {
        true => Err(MalformedCredentials::WrongForm { field: None }),
        false => Ok(value),
    }
}

/// Returns the name of the field that an error is about. Never its value, which may be a password.
fn field(error: &serde_path_to_error::Error<serde_json::Error>) -> Option<String> {
    const LONGEST: usize = 64;

    let mut path = error.path().to_string();
    // Serde reports a missing field at the object that lacks it.
    let message = error.inner().to_string();
    // The name of an unknown field comes from the client.
    if message.starts_with("unknown field") {
        return None;
    }
    if let Some(missing) = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        path = if path == "." { missing.to_owned() } else { format!("{path}.{missing}") };
    }
    let is_name = path != "." && path.len() <= LONGEST;
    (is_name && path.chars().all(|c| c.is_ascii_alphanumeric() || "._-[]".contains(c))).then_some(path)
}
