//! The toolkit with the settings of an app, without the app.

use jwt_auth::__private::operator;
use jwt_auth::{Jwks, JwtAuth};
use rocket::Config;
use rocket::figment::{Figment, Profile};

use crate::failure::Failure;

/// Returns the settings that an app would have here. The profile is release unless ROCKET_PROFILE names another, so no
/// key is generated.
pub(crate) fn settings() -> Figment {
    Config::figment().select(Profile::from_env_or("ROCKET_PROFILE", Config::RELEASE_PROFILE))
}

/// Returns the public keys of an app with these settings. Uses no store.
pub(crate) fn jwks(settings: &Figment) -> Result<Jwks, Failure> {
    check(settings)?;
    warn_of_open_files(settings);
    Ok(operator::jwks(settings)?)
}

/// Returns the `JwtAuth` of an app with these settings. The app is prepared, but does not listen for requests. Says on
/// the standard error which app it is.
pub(crate) async fn jwt_auth(settings: Figment) -> Result<JwtAuth, Failure> {
    check(&settings)?;
    announce(&settings);
    warn_of_open_files(&settings);
    match rocket::custom(settings).attach(JwtAuth::fairing()).ignite().await {
        Ok(rocket) => rocket.state::<JwtAuth>().cloned().ok_or(Failure::Settings),
        Err(error) => {
            // Rocket's launch errors panic on drop unless they are inspected.
            let _ = error.kind();
            Err(Failure::Settings)
        }
    }
}

/// Same as [`jwt_auth`], for an app whose sessions are visible to other processes.
pub(crate) async fn with_shared_sessions() -> Result<JwtAuth, Failure> {
    let auth = jwt_auth(settings()).await?;
    if auth.shares_sessions() { Ok(auth) } else { Err(Failure::InMemory) }
}

/// Checks Rocket's own settings. Rocket panics if they cannot be read.
fn check(settings: &Figment) -> Result<(), Failure> {
    settings.extract::<Config>().map(drop).map_err(Failure::configuration)
}

/// Says which app's sessions the command uses. A setting that cannot be read is reported by the launch.
fn announce(settings: &Figment) {
    let Ok(operator::Target { issuer, redis: Some(redis), prefix }) = operator::target(settings) else {
        return;
    };
    let issuer = issuer.map_or("no issuer".to_owned(), |issuer| format!("issuer {issuer}"));
    eprintln!("{issuer}, profile {}, Redis {redis}, prefix {prefix}", settings.profile());
}

/// Warns of private keys that the group of their file can read. The library warns of those that everyone can read.
fn warn_of_open_files(settings: &Figment) {
    for path in operator::files_open_to_group(settings).unwrap_or_default() {
        let path = path.display();
        eprintln!(
            "the group of the key file {path} can read it: run `chmod 600 {path}`, unless the app needs that"
        );
    }
}
