//! The toolkit with the settings of an app, without the app.

use jwt_auth::JwtAuth;
use rocket::Config;
use rocket::figment::Figment;

use crate::failure::Failure;

/// The settings that an app would have here.
pub(crate) fn settings() -> Figment {
    Config::figment()
}

/// What an app with these settings would launch with. It does not: nobody listens.
pub(crate) fn jwt_auth(settings: Figment) -> Result<JwtAuth, Failure> {
    let ignited = rocket::execute(rocket::custom(settings).attach(JwtAuth::fairing()).ignite());
    match ignited {
        Ok(rocket) => rocket.state::<JwtAuth>().cloned().ok_or(Failure::Settings),
        Err(error) => {
            // Rocket panics where nobody looks at its errors.
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
