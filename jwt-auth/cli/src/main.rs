//! `jwt-auth`: manages keys, tokens and sessions from a terminal.
//!
//! The settings are those of the app: the program reads `Rocket.toml` in the current folder (or the file that
//! `ROCKET_CONFIG` names) and the same variables. Results go to the standard output, and everything else goes to the
//! standard error. The exit status is 0 for success, 1 for a failure or a rejected token, and 2 for invalid arguments.

mod algorithm;
mod app;
mod explain;
mod failure;
mod inspect;
mod keygen;
mod sessions;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

const SETTINGS: &str = "The settings are those of the app: [default.jwt_auth] in the Rocket.toml of this folder (or in the file that \
ROCKET_CONFIG names), ROCKET_JWT_AUTH, JWT_SECRET_KEY, REDIS_URL and the other variables that the app reads. The profile is \
the one that ROCKET_PROFILE names, or `release` by default.";

/// Generates keys for jwt-auth, explains tokens, and lists and ends sessions.
#[derive(Parser)]
#[command(name = "jwt-auth", version, propagate_version = true, after_help = SETTINGS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Keygen(keygen::Keygen),
    /// Prints the public keys of an app, as in its /.well-known/jwks.json.
    Jwks,
    Inspect(inspect::Inspect),
    Sessions(sessions::Sessions),
    Revoke(sessions::Revoke),
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Shows the warnings of the library, but not the log of Rocket.
    env_logger::Builder::new()
        .filter_module("jwt_auth", log::LevelFilter::Warn)
        .format(|line, record| writeln!(line, "{}", record.args()))
        .init();
    match run(command, &mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(code) => code,
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("jwt-auth: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, input: &mut dyn io::Read, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    match command {
        Command::Keygen(keygen) => keygen.run(out)?,
        Command::Jwks => {
            let jwks = app::jwt_auth(app::settings())?.jwks();
            writeln!(out, "{}", serde_json::to_string_pretty(&jwks).expect("strings serialize"))?;
        }
        Command::Inspect(inspect) => return inspect.run(input, out),
        Command::Sessions(sessions) => sessions.run(out)?,
        Command::Revoke(revoke) => revoke.run(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
