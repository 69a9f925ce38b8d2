//! Any settings. The app launches, and accepts what it signs; or it does not, and the log says why, without a secret.
//!
//! A seed is the table `[default.jwt_auth]` of a `Rocket.toml`.

#![no_main]

use std::path::Path;

use jwt_auth::JwtAuth;
use jwt_auth_fuzz::{Log, User, app, block_on, clock, user};
use libfuzzer_sys::{Corpus, fuzz_target};
use rocket::error::ErrorKind;
use rocket::figment::providers::{Format, Toml};
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{self, Figment, Metadata, Profile, Provider};
use rocket::tokio::runtime::Builder;
use rocket::{Config, Ignite, Rocket};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let Ok(table) = Toml::from_str::<Dict>(text) else { return Corpus::Reject };
    // Devices that never end.
    if text.contains("/dev") || text.contains("/proc") {
        return Corpus::Reject;
    }
    let log = Log::capture();
    let launched = launch(&table);
    let said = log.text();
    match launched {
        Ok(app) => assert_works(&app),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::FailedFairings(_)), "{error:?}");
            let (_, why) = said.split_once("ERROR jwt_auth::fairing: jwt-auth: ").expect("it says why");
            assert!(HELP.iter().any(|help| why.contains(help)), "{why}");
        }
    }
    assert!(!said.contains(SECRET) || is_shown(&table), "{said}");
    Corpus::Keep
});

/// What each message ends with.
const HELP: [&str; 3] = ["; for example: ", "; the settings are: ", "no key to sign tokens: set `secret`"];

/// What the secrets of the seeds hold.
const SECRET: &str = "s3cr3t";

/// Launches an app in the release profile, whose tasks end when it has launched.
fn launch(table: &Dict) -> Result<Rocket<Ignite>, Box<rocket::Error>> {
    let settings = Figment::from(Config::release_default()).merge(File(table));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    Ok(runtime.block_on(app(&settings, &clock()).ignite())?)
}

/// The table, as if it stood in a file. The folder of that has a dot, and the folder `keys`.
struct File<'t>(&'t Dict);

impl Provider for File<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::from("TOML file", Path::new("./tests/Rocket.toml"))
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let table = Value::from(self.0.clone());
        Ok(Profile::Global.collect(Dict::from([("jwt_auth".to_owned(), table)])))
    }
}

fn assert_works(app: &Rocket<Ignite>) {
    let auth: &JwtAuth = app.state().expect("the fairing is attached");
    // It may be an app that only verifies, or whose key is not yet in force.
    if let Ok(token) = block_on(auth.create_access_token(&user("alice"))) {
        auth.verify::<User>(&token).expect("the app accepts what it signs");
    }
}

/// Whether the text of the secrets also occurs in a value that a message may show: a name, a path, a text.
fn is_shown(table: &Dict) -> bool {
    table.iter().any(|(key, value)| key.contains(SECRET) || is_shown_in(key, value))
}

fn is_shown_in(key: &str, value: &Value) -> bool {
    match value {
        Value::Dict(_, table) => is_shown(table),
        Value::Array(_, values) => values.iter().any(|value| is_shown_in(key, value)),
        Value::String(_, text) if text.contains(SECRET) => match key {
            "secret" | "redis" | "sentinels" | "password" => false,
            // With a dot, it is the path of a file.
            "private_key" | "public_key" => !text.contains("-----BEGIN") && text.contains('.'),
            "jwk" | "jwks" => text.contains("kid") || (!text.starts_with('{') && text.contains('.')),
            _ => true,
        },
        _ => false,
    }
}
