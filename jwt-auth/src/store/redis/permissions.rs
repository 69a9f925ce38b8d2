//! The permissions of the Redis user, which are checked at launch.

use redis::{ErrorKind, RedisError, RedisResult, ServerErrorKind};

use super::link::Link;
use super::script::{Call, is_unknown_script};
use super::topology::Topology;
use crate::error::{StartupError, StoreError};

/// The cause of a launch that was stopped because the script that checks the permissions was denied some commands.
#[derive(Debug, thiserror::Error)]
#[error("the user lacks permissions")]
struct Lacking;

/// Runs a script that returns the commands that the user may not run. It is called both by its text and by its hash,
/// because the user needs both permissions.
pub(super) async fn denied_by(link: &mut Link, probe: &Call<'_>) -> RedisResult<Vec<String>> {
    let denied: Vec<String> = probe.eval().query_async(link).await?;
    match probe.evalsha().query_async::<redis::Value>(link).await {
        Err(error) if !is_unknown_script(&error) => return Err(error),
        _ => {}
    }
    Ok(denied)
}

/// Returns an error for commands that the user may not run.
pub(super) fn lacking(commands: &[String], topology: &Topology) -> StartupError {
    let names: Vec<String> = commands.iter().map(|name| format!("`{}`", name.to_uppercase())).collect();
    let grants: Vec<String> = commands.iter().map(|name| format!("+{}", name.to_lowercase())).collect();
    error(topology, &format!("run {}", names.join(", ")), &grants.join(" "), StoreError::new(Lacking))
}

/// Returns the error for an answer of Redis, if that says that the user lacks a permission. `keys` are the keys that the
/// answer is about.
pub(super) fn denial(answer: &RedisError, keys: &str, topology: &Topology) -> Option<StartupError> {
    let text = answer.to_string();
    let is_denied = answer.kind() == ErrorKind::Server(ServerErrorKind::NoPerm);
    let source = StoreError::new(answer.clone());
    match text.split_once("permissions to run the '").and_then(|(_, rest)| rest.split_once('\'')) {
        Some((command, _)) => {
            let run = format!("run `{}`", command.replace('|', " ").to_uppercase());
            Some(error(topology, &run, &format!("+{command}"), source))
        }
        None if is_denied && text.contains(" key") => {
            Some(error(topology, &format!("use the keys `{keys}`"), &format!("~{keys}"), source))
        }
        None => None,
    }
}

fn error(topology: &Topology, what: &str, grant: &str, source: StoreError) -> StartupError {
    let user = topology.user();
    StartupError::Store {
        what: format!(
            "the Redis user `{user}` may not {what} ({}): grant this with `ACL SETUSER {user} {grant}`. The guide's page \
             on operations has all permissions that an app needs",
            topology.address()
        ),
        source,
    }
}
