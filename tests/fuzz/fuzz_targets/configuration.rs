//! Launches an app with any settings. Either the app launches and accepts its own tokens, or the log explains why not. The
//! log never reveals a secret.
//!
//! A seed is the content of the table `[default.jwt_auth]` in a `Rocket.toml`.

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
    // Reading these files may never end.
    if text.contains("/dev") || text.contains("/proc") {
        return Corpus::Reject;
    }
    let log = Log::capture();
    let launched = launch(&table);
    let logged = log.text();
    match launched {
        Ok(app) => assert_works(&app),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::FailedFairings(_)), "{error:?}");
            let (_, why) =
                logged.split_once("ERROR jwt_auth::fairing: jwt-auth: ").expect("the log explains why");
            assert!(HELP.iter().any(|help| why.contains(help)), "{why}");
        }
    }
    assert!(!logged.contains(SECRET) || is_shown(&table), "{logged}");
    Corpus::Keep
});

/// Every message must contain one of these.
const HELP: [&str; 3] = ["; for example: ", "; the settings are: ", "no key to sign tokens: set `secret`"];

/// Text that every secret in the seeds contains.
const SECRET: &str = "s3cr3t";

/// Launches an app in the release profile. Its tasks end when the launch is over.
fn launch(table: &Dict) -> Result<Rocket<Ignite>, Box<rocket::Error>> {
    let settings = Figment::from(Config::release_default()).merge(File(table));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    Ok(runtime.block_on(app(&settings, &clock()).ignite())?)
}

/// Provides the table as if it came from a file. The path of the file contains a dot, and its folder contains `keys`.
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
    // The app may only verify, or its key may not be valid yet.
    if let Ok(token) = block_on(auth.create_access_token(&user("alice")).into_future()) {
        auth.verify::<User>(&token).expect("the app accepts its own token");
    }
}

/// Whether the text of the secrets also occurs in a value that a message may show, such as a name or a path.
fn is_shown(table: &Dict) -> bool {
    table.iter().any(|(key, value)| key.contains(SECRET) || is_shown_in(key, value))
}

fn is_shown_in(key: &str, value: &Value) -> bool {
    match value {
        Value::Dict(_, table) => is_shown(table),
        Value::Array(_, values) => values.iter().any(|value| is_shown_in(key, value)),
        Value::String(_, text) if text.contains(SECRET) => match key {
            "secret" | "redis" | "sentinels" | "password" => false,
            // A value with a dot is the path of a file.
            "private_key" | "public_key" => !text.contains("-----BEGIN") && text.contains('.'),
            "jwk" | "jwks" => text.contains("kid") || (!text.starts_with('{') && text.contains('.')),
            _ => true,
        },
        _ => false,
    }
}
