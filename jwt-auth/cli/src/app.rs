//! The toolkit with the settings of an app, without the app.

use jwt_auth::{Fairing, JwtAuth};
use rocket::Config;
use rocket::figment::{Figment, Profile};

use crate::failure::Failure;

/// The settings that an app would have here, in the release profile unless another one is named: no key is made up.
pub(crate) fn settings() -> Figment {
    Config::figment().select(Profile::from_env_or("ROCKET_PROFILE", Config::RELEASE_PROFILE))
}

/// What an app with these settings would launch with. It does not: nobody listens.
pub(crate) fn jwt_auth(settings: Figment) -> Result<JwtAuth, Failure> {
    launched(settings, JwtAuth::fairing())
}

/// Likewise, with a fairing.
pub(crate) fn launched(settings: Figment, fairing: Fairing) -> Result<JwtAuth, Failure> {
    // Rocket panics where its own settings cannot be read.
    settings.extract::<Config>().map_err(Failure::configuration)?;
    match rocket::execute(rocket::custom(settings).attach(fairing).ignite()) {
        Ok(rocket) => rocket.state::<JwtAuth>().cloned().ok_or(Failure::Settings),
        Err(error) => {
            // An error that nobody looks at panics, too.
            let _ = error.kind();
            Err(Failure::Settings)
        }
    }
}

/// Likewise, for one whose sessions can be seen from another process.
pub(crate) fn with_shared_sessions() -> Result<JwtAuth, Failure> {
    let auth = jwt_auth(settings())?;
    if auth.shares_sessions() { Ok(auth) } else { Err(Failure::InMemory) }
}
