//! Two services that have nothing in common but a Redis and a pair of keys: `accounts` signs in and out,
//! `orders` verifies the tokens of `accounts`.

pub mod accounts;
pub mod orders;

use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};

/// Rocket's own configuration, but for the file: the one of the service, unless `ROCKET_CONFIG` says
/// another.
fn config(file: &str) -> Figment {
    Figment::from(rocket::Config::default())
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", file)).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
}

#[cfg(test)]
mod tests;
