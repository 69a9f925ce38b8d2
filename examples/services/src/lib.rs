//! Two services that share a Redis and an issuer: `accounts` signs users in and out, and `orders` verifies their access
//! tokens.

pub mod accounts;
pub mod orders;

use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};

/// Returns the configuration of a service. It has the same sources as Rocket's default configuration, but each service
/// has a file of its own instead of `Rocket.toml`.
fn config(file: &str) -> Figment {
    Figment::from(rocket::Config::default())
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", file)).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}

#[cfg(test)]
mod tests;
