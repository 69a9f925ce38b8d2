//! The examples of RFC 7515 (appendix A), RFC 7520 (section 4) and RFC 8037 (appendix A), with their keys. They show
//! that tokens are compatible with other implementations.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rocket::figment::Figment;

use super::Keyring;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::event::Observers;

/// An example: its algorithm, the setting for its key, the key, and the signed text.
type Vector = (&'static str, &'static str, &'static str, &'static str);

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("vectors/", $name))
    };
}

/// The algorithms whose signatures are deterministic.
const ALWAYS_THE_SAME: [&str; 3] = ["HS256", "RS256", "EdDSA"];

#[rustfmt::skip]
const VECTORS: [Vector; 7] = [
    ("HS256", "secret", "base64:AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", file!("rfc7515-a1.jws")),
    ("RS256", "private_key", file!("rfc7515-a2.pem"), file!("rfc7515-a2.jws")),
    ("ES256", "private_key", file!("rfc7515-a3.pem"), file!("rfc7515-a3.jws")),
    ("RS256", "private_key", file!("rfc7520-3.4.pem"), file!("rfc7520-4.1.jws")),
    ("PS384", "private_key", file!("rfc7520-3.4.pem"), file!("rfc7520-4.2.jws")),
    ("HS256", "secret", "base64:hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", file!("rfc7520-4.4.jws")),
    ("EdDSA", "private_key", file!("rfc8037-a1.pem"), file!("rfc8037-a4.jws")),
];

#[test]
fn the_examples_of_the_rfcs_verify() {
    for (algorithm, setting, key, signed) in VECTORS {
        let signed = signed.trim_end();
        let figment = Figment::new().merge(("jwt_auth.algorithm", algorithm));
        let keyring = keyring(&figment.merge((format!("jwt_auth.{setting}"), key)));
        let keys = keyring.own.load();
        let [key] = &keys.keys[..] else { panic!("expected one key") };

        let (message, signature) = signed.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        assert!(key.verifying.verifies(message.as_bytes(), &signature), "{signed}");
        assert!(!key.verifying.verifies(&message.as_bytes()[1..], &signature), "{signed}");

        let (header, payload) = message.split_once('.').expect("three parts");
        let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        let ours = key.signing.as_ref().expect("it signs").sign(header, &payload).expect("it signs");
        assert_eq!(ours == signed, ALWAYS_THE_SAME.contains(&algorithm), "{ours}\n{signed}");
    }
}

/// RFC 8037, appendix A.3.
#[test]
fn the_thumbprint_of_an_rfc_example() {
    let settings = Figment::new().merge(("jwt_auth.algorithm", "EdDSA"));
    let settings = settings.merge(("jwt_auth.private_key", file!("rfc8037-a1.pem")));
    let keyring = keyring(&settings);
    assert_eq!(
        keyring.own.load().keys[0].verifying.kid(),
        Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    );
}

fn keyring(figment: &Figment) -> Keyring {
    let settings = Settings::read(figment).expect("the settings are valid");
    let clock = Arc::new(SystemClock::new());
    Keyring::new(settings.keys, settings.tokens.leeway, false, clock, Observers::default())
        .expect("the key is valid")
}
