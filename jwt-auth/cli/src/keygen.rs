//! `jwt-auth keygen`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use rocket::figment::Figment;
use serde_json::{Map, Value};

use crate::algorithm::{Algorithm, Key, RsaBits};
use crate::app;
use crate::failure::Failure;
use crate::output::{self, Out};

/// Generates a signing key, and says how to configure it.
///
/// For the HS algorithms, the key is a secret, written as `base64:…`. For the others, it is a private key, written as
/// PKCS#8 in PEM. It goes to the standard output, or into a file that only its owner can read.
#[derive(Args)]
pub(crate) struct Keygen {
    /// The algorithm that the key signs with.
    #[arg(long = "alg", value_enum, default_value = "es256", ignore_case = true)]
    algorithm: Algorithm,
    /// The size of an RSA key, in bits: for RS and PS algorithms only. The default is 2048.
    #[arg(long, value_enum)]
    bits: Option<RsaBits>,
    /// The file for the key. An existing file is never overwritten.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the result as JSON: the settings `algorithm` and `secret` or `private_key`, and the `kid`.
    #[arg(long)]
    json: bool,
}

impl Keygen {
    pub(crate) fn run(self, out: &mut Out) -> Result<(), Failure> {
        let name = self.algorithm.name();
        if self.bits.is_some() && !self.algorithm.is_rsa() {
            return Err(Failure::Arguments(format!(
                "`--bits` is the size of an RSA key, for RS256, RS384, RS512, PS256, PS384 and PS512. A key for {name} has \
                 a fixed size"
            )));
        }
        let mut kid_of_key = None;
        let (setting, text) = match self.algorithm.make(self.bits.unwrap_or(RsaBits::Bits2048))? {
            Key::Secret(text) => ("secret", text + "\n"),
            Key::Private(text) => {
                kid_of_key = Some(kid(&name, &text)?);
                ("private_key", text)
            }
        };
        if let Some(path) = &self.out {
            keep(path, &text).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => Failure::Exists(path.clone()),
                _ => Failure::File { path: path.clone(), error },
            })?;
            warn_if_open(path);
        }
        if self.json {
            let value = match (&self.out, setting) {
                (Some(path), "secret") => ("secret_file", path.display().to_string()),
                (Some(path), _) => ("private_key", path.display().to_string()),
                (None, "secret") => ("secret", text.trim_end().to_owned()),
                (None, _) => ("private_key", text),
            };
            let mut result = Map::from_iter([("algorithm".to_owned(), Value::from(name))]);
            result.insert(value.0.to_owned(), value.1.into());
            if let Some(kid) = kid_of_key {
                result.insert("kid".to_owned(), kid.into());
            }
            return Ok(output::json(out, &result)?);
        }
        let value = match &self.out {
            Some(path) => path.display().to_string(),
            None => {
                out.write_all(text.as_bytes())?;
                "…".to_owned()
            }
        };
        if let Some(kid) = kid_of_key {
            eprintln!("kid: {kid}");
        }
        // A second secret needs a `kid`.
        let (setting, value, kid_setting) = match (setting, &self.out) {
            ("secret", Some(_)) => ("secret_file", value, "kid = \"…\", "),
            ("secret", None) => (setting, "base64:…".to_owned(), "kid = \"…\", "),
            _ => (setting, value, ""),
        };
        eprintln!(
            "In Rocket.toml, for the first key:\n\n    [default.jwt_auth]\n    algorithm = \"{name}\"\n    {setting} = {value:?}\n\n\
             For another key, next to the first (the guide's page on keys has the steps of a rotation):\n\n    \
             keys = [{{ algorithm = \"{name}\", {setting} = {value:?}, {kid_setting}not_before = \"…\" }}]"
        );
        Ok(())
    }
}

/// Returns the name that an app gives the key: its thumbprint (RFC 7638). No other settings matter.
fn kid(algorithm: &str, pem: &str) -> Result<String, Failure> {
    let settings = Figment::from(rocket::Config::default())
        .merge(("jwt_auth.algorithm", algorithm))
        .merge(("jwt_auth.private_key", pem));
    let jwks = app::jwks(&settings)?;
    Ok(jwks.keys().first().map(|key| key.kid().to_owned()).unwrap_or_default())
}

/// Writes a new file that only its owner can read, and never overwrites one.
fn keep(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// Warns if the file system has given other users access to a new file.
#[cfg(unix)]
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    if path.metadata().is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        let path = path.display();
        eprintln!("other users of this machine can access {path}: run `chmod 600 {path}`");
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}
