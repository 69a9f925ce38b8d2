//! Why a command failed.

use std::error::Error;
use std::io;
use std::iter::successors;
use std::path::PathBuf;

use jwt_auth::AuthError;

/// Each says what to do, unless that is plain.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The settings are not those of an app that launches. The library has said why.
    #[error(
        "an app with these settings does not launch. They are read from Rocket.toml here, or where ROCKET_CONFIG says, and \
         from the environment"
    )]
    Settings,
    /// They cannot be read at all.
    #[error("the settings cannot be read: {0}")]
    Configuration(String),
    /// There are no sessions that this process could see.
    #[error(
        "the sessions of this app are kept in its own memory: set `redis` in [default.jwt_auth] or REDIS_URL, as for \
         the app itself"
    )]
    InMemory,
    #[error("{}", chain(.0))]
    Auth(#[from] AuthError),
    #[error("the token cannot be read: {0}")]
    Read(io::Error),
    #[error("the answer cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error("{} is there already, and was left as it is: choose another name", .0.display())]
    Exists(PathBuf),
    #[error("nothing was given: write the token to the standard input, as in `jwt-auth inspect < token.txt`")]
    NoToken,
    #[error("{} cannot be written: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the key could not be made: {0}")]
    Key(Box<dyn Error + Send + Sync>),
}

impl Failure {
    pub(crate) fn configuration(error: rocket::figment::Error) -> Self {
        Self::Configuration(error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("; "))
    }
}

/// The error, followed by its causes.
fn chain(error: &AuthError) -> String {
    let errors = successors(Some(error as &(dyn Error + 'static)), |error| (**error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
