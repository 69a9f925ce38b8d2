//! Two services that share a Redis, an issuer and a pair of keys: `accounts` signs users in and out, and `orders` verifies
//! the access tokens.

pub mod accounts;
pub mod orders;
mod passwords;

use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};

/// Returns the configuration of a service. It comes from the same sources as Rocket's own, except that the default file is
/// not `Rocket.toml`, since each service has a file of its own.
fn config(file: &str) -> Figment {
    Figment::from(rocket::Config::default())
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", file)).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}

#[cfg(test)]
mod tests;
