//! The toolkit with the settings of an app, without the app.

use jwt_auth::{Fairing, JwtAuth};
use rocket::Config;
use rocket::figment::{Figment, Profile};

use crate::failure::Failure;

/// Returns the settings that an app would have here. The profile is release unless ROCKET_PROFILE names another, so no
/// key is generated.
pub(crate) fn settings() -> Figment {
    Config::figment().select(Profile::from_env_or("ROCKET_PROFILE", Config::RELEASE_PROFILE))
}

/// Returns the `JwtAuth` of an app with these settings. The app is prepared, but does not listen for requests.
pub(crate) fn jwt_auth(settings: Figment) -> Result<JwtAuth, Failure> {
    launched(settings, JwtAuth::fairing())
}

/// Same as [`jwt_auth`], with a fairing.
pub(crate) fn launched(settings: Figment, fairing: Fairing) -> Result<JwtAuth, Failure> {
    // Rocket panics if its own settings cannot be read.
    settings.extract::<Config>().map_err(Failure::configuration)?;
    match rocket::execute(rocket::custom(settings).attach(fairing).ignite()) {
        Ok(rocket) => rocket.state::<JwtAuth>().cloned().ok_or(Failure::Settings),
        Err(error) => {
            // Rocket's launch errors panic on drop unless they are inspected.
            let _ = error.kind();
            Err(Failure::Settings)
        }
    }
}

/// Same as [`jwt_auth`], for an app whose sessions are visible to other processes.
pub(crate) fn with_shared_sessions() -> Result<JwtAuth, Failure> {
    let auth = jwt_auth(settings())?;
    if auth.shares_sessions() { Ok(auth) } else { Err(Failure::InMemory) }
}
