//! Two services that share only a Redis, an issuer and a pair of keys: `accounts` signs users in and out, `orders`
//! verifies the tokens of `accounts`.

pub mod accounts;
pub mod orders;

use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};

/// Rocket's own configuration, except for the file: that of the service, unless `ROCKET_CONFIG` names
/// another.
fn config(file: &str) -> Figment {
    Figment::from(rocket::Config::default())
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", file)).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}

#[cfg(test)]
mod tests;
