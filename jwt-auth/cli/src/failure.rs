//! The reasons a command can fail.

use std::error::Error;
use std::io;
use std::iter::successors;
use std::path::PathBuf;

use jwt_auth::{AuthError, StartupError};

/// Each message says what to do, unless that is obvious.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// An app with these settings would not launch. The library has logged the reason.
    #[error(
        "an app with these settings would not launch. The settings are read from Rocket.toml in this folder, or from the file \
         that ROCKET_CONFIG names, and from the environment"
    )]
    Settings,
    /// The settings cannot be read at all.
    #[error("the settings cannot be read: {0}")]
    Configuration(String),
    /// The sessions are not visible to this process.
    #[error(
        "this app keeps its sessions in its own memory: set `redis` in [default.jwt_auth] or REDIS_URL, as for \
         the app itself"
    )]
    InMemory,
    #[error("{}", chain(.0))]
    Auth(#[from] AuthError),
    /// A setting is invalid.
    #[error("{}", chain(.0))]
    Startup(#[from] StartupError),
    /// An argument does not go with another one. The program then exits with status 2.
    #[error("{0}")]
    Arguments(String),
    #[error("the token cannot be read: {0}")]
    Read(io::Error),
    #[error("the output cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error("{} already exists and was not changed: choose another name", .0.display())]
    Exists(PathBuf),
    #[error("no token was given: pass it on the standard input, as in `jwt-auth {0} < token.txt`")]
    NoToken(&'static str),
    /// The text is not an access token of the app.
    #[error("the token cannot be revoked: {0}")]
    NotRevocable(String),
    #[error("{} cannot be written: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the key could not be generated: {0}")]
    Key(Box<dyn Error + Send + Sync>),
}

impl Failure {
    pub(crate) fn configuration(error: rocket::figment::Error) -> Self {
        Self::Configuration(error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("; "))
    }
}

/// Formats an error, followed by its causes.
fn chain(error: &(dyn Error + 'static)) -> String {
    let errors = successors(Some(error), |error: &&(dyn Error + 'static)| (**error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
