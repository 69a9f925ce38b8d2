//! `jwt-auth`: manages keys, tokens and sessions from a terminal.
//!
//! The settings are those of the app: the program reads `Rocket.toml` in the current folder (or the file that
//! `ROCKET_CONFIG` names) and the same variables. Results go to the standard output, and everything else goes to the
//! standard error.
//!
//! The exit status is
//!
//! - 0 for success;
//! - 1 if the answer is no: the token is rejected, there is no such session, or there was nothing to end. Also if the
//!   command failed; then the standard error says why, and the standard output has no verdict or result;
//! - 2 for invalid arguments.

mod algorithm;
mod app;
mod explain;
mod failure;
mod input;
mod inspect;
mod keygen;
mod output;
mod revoke_token;
mod sessions;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use rocket::tokio::runtime;

use failure::Failure;
use input::Input;
use output::Out;

const AFTER_HELP: &str = "The settings are those of the app: [default.jwt_auth] in the Rocket.toml of this folder (or in the file that \
ROCKET_CONFIG names), ROCKET_JWT_AUTH, JWT_SECRET_KEY, REDIS_URL and the other variables that the app reads. The profile is \
the one that ROCKET_PROFILE names, or `release` by default.

Exit status: 0 for success. 1 if the token is rejected, if there is no such session, or if there was nothing to end; also if \
the command failed: then the standard error says why, and the standard output has no verdict or result. 2 for invalid arguments.";

/// Generates keys for jwt-auth, explains tokens, lists and ends sessions, and revokes access tokens.
#[derive(Parser)]
#[command(name = "jwt-auth", version, propagate_version = true, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Keygen(keygen::Keygen),
    /// Prints the public keys of an app, as in its /.well-known/jwks.json.
    ///
    /// This reads only the settings and the key files: the Redis of the app is not contacted.
    Jwks,
    Inspect(inspect::Inspect),
    Sessions(sessions::Sessions),
    Revoke(sessions::Revoke),
    RevokeToken(revoke_token::RevokeToken),
    /// Prints a script that completes commands and options in a shell.
    ///
    /// For example, for bash: `source <(jwt-auth completions bash)`.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Shows the warnings of the library, but not the log of Rocket.
    env_logger::Builder::new()
        .filter_module("jwt_auth", log::LevelFilter::Warn)
        .format(|line, record| writeln!(line, "{}", record.args()))
        .init();
    // One runtime for the whole command, because connections end with the runtime that opened them.
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("jwt-auth: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(command, &mut io::stdin().lock(), &mut io::stdout().lock())) {
        Ok(code) => code,
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Arguments(problem)) => {
            Cli::command().error(clap::error::ErrorKind::ArgumentConflict, problem).exit()
        }
        Err(failure) => {
            eprintln!("jwt-auth: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, input: &mut Input, out: &mut Out) -> Result<ExitCode, Failure> {
    match command {
        Command::Keygen(keygen) => keygen.run(out)?,
        Command::Jwks => output::json(out, &app::jwks(&app::settings())?)?,
        Command::Inspect(inspect) => return inspect.run(input, out).await,
        Command::Sessions(sessions) => return sessions.run(out).await,
        Command::Revoke(revoke) => return revoke.run(out).await,
        Command::RevokeToken(revoke) => return revoke.run(input, out).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "jwt-auth", &mut script);
            out.write_all(&script)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
    }
}
