//! Why a command failed.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use jwt_auth::AuthError;

/// Each says what to do, unless that is plain.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The settings are not those of an app that launches. The library has said why.
    #[error("these are not the settings of an app that launches")]
    Settings,
    /// There are no sessions that this process could see.
    #[error(
        "the sessions of this app are kept in its own memory: set `redis` in [default.jwt_auth] or REDIS_URL, as for \
         the app itself"
    )]
    InMemory,
    #[error("{0:?}")]
    Auth(AuthError),
    #[error("the token cannot be read: {0}")]
    Read(io::Error),
    #[error("the answer cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error("{} cannot be written: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the key could not be made: {0}")]
    Key(Box<dyn Error + Send + Sync>),
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}
