//! `jwt-auth keygen`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use rocket::figment::Figment;

use crate::algorithm::{Algorithm, Key, RsaBits};
use crate::app;
use crate::failure::Failure;

/// Generates a signing key, and says how to configure it.
///
/// For the HS algorithms, the key is a secret, written as `base64:…`. For the others, it is a private key, written as
/// PKCS#8 in PEM. It goes to the standard output, or into a file that only its owner can read.
#[derive(Args)]
pub(crate) struct Keygen {
    /// The algorithm that the key signs with.
    #[arg(long = "alg", value_enum, default_value = "es256", ignore_case = true)]
    algorithm: Algorithm,
    /// The size of an RSA key, in bits.
    #[arg(long, value_enum, default_value = "2048")]
    bits: RsaBits,
    /// The file for the key. An existing file is never overwritten.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Keygen {
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<(), Failure> {
        let name = self.algorithm.name();
        let mut kid_of_key = None;
        let (setting, text) = match self.algorithm.make(self.bits)? {
            Key::Secret(text) => ("secret", text + "\n"),
            Key::Private(text) => {
                kid_of_key = Some(kid(&name, &text)?);
                ("private_key", text)
            }
        };
        let value = match &self.out {
            Some(path) => {
                keep(path, &text).map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => Failure::Exists(path.clone()),
                    _ => Failure::File { path: path.clone(), error },
                })?;
                path.display().to_string()
            }
            None => {
                out.write_all(text.as_bytes())?;
                "…".to_owned()
            }
        };
        if let Some(kid) = kid_of_key {
            eprintln!("kid: {kid}");
        }
        // The setting `secret` does not take a path, and a second secret needs a `kid`.
        let (value, kid_setting) = match setting {
            "secret" => ("base64:…".to_owned(), "kid = \"…\", "),
            _ => (value, ""),
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
    let jwks = app::launched(settings, JwtAuth::fairing().store(MemoryStore::new()))?.jwks();
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
