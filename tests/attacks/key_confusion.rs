//! Keys from the wrong source: a public key used as a secret, or a key from the token itself.

use std::io::ErrorKind;
use std::net::TcpListener;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm::{HS256, HS384, HS512};
use jsonwebtoken::jwk::Jwk;
use jwt_auth_tests::{Forge, TestKey};
use serde_json::{Value, json};

use crate::forged_access_tokens::assert_rejected;
use crate::forgeries::Rejection::Invalid;
use crate::server::Server;
use crate::{ALGORITHMS, setup};

/// RFC 8725, section 2.1; CVE-2015-9235, CVE-2016-10555, CVE-2022-29217, CVE-2024-54150: the public key, in any
/// format, must not work as an HMAC secret.
#[test]
fn a_public_key_is_not_accepted_as_a_secret() {
    for algorithm in ALGORITHMS.into_iter().filter(|algorithm| *algorithm != HS256) {
        let server = Server::start(&setup(algorithm));
        let pem = TestKey::of(algorithm).public;
        let der = STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>());
        let jwks = server.jwks();
        let key = &jwks["keys"][0];
        let raw = |name: &str| key[name].as_str().map(|n| URL_SAFE_NO_PAD.decode(n).expect("base64url"));
        let secrets = [
            Some(pem.as_bytes().to_vec()),
            Some(pem.trim_end().as_bytes().to_vec()),
            Some(pem.replace('\n', "\r\n").into_bytes()),
            Some(der.expect("a PEM contains base64")),
            Some(key.to_string().into_bytes()),
            Some(jwks.to_string().into_bytes()),
            raw("n"),
            raw("x"),
            raw("x").zip(raw("y")).map(|(x, y)| [x, y].concat()),
            raw("x").zip(raw("y")).map(|(x, y)| [vec![4], x, y].concat()),
            Some(Vec::new()),
        ];
        for secret in secrets.into_iter().flatten() {
            for hash in [HS256, HS384, HS512] {
                for alg in [format!("{hash:?}"), format!("{algorithm:?}")] {
                    let token = Forge::new(algorithm).header("alg", json!(alg)).sign_with_hmac(hash, &secret);
                    assert_rejected(&server, &token, Invalid, &format!("{alg} {algorithm:?}"));
                }
            }
        }
    }
}

#[test]
fn guessable_secrets_are_rejected() {
    let server = Server::start(&setup(HS256));
    for secret in ["", "\0", "secret", "your-256-bit-secret", &TestKey::SECRET[1..]] {
        let token = Forge::new(HS256).sign_with_hmac(HS256, secret.as_bytes());
        assert_rejected(&server, &token, Invalid, secret);
    }
}

/// RFC 8725, section 3.10; RFC 7515, section 4.1; CVE-2018-0114: `jwk`, `jku`, `x5u`, `x5c`.
#[test]
fn keys_in_the_header_are_neither_used_nor_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
    listener.set_nonblocking(true).expect("a listener can be nonblocking");
    let url = format!("http://{}/keys", listener.local_addr().expect("a listener has an address"));
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        let attacker = TestKey::of_attacker(algorithm);
        let jwk = Jwk::from_encoding_key(&attacker.encoding(), algorithm).expect("a JWK");
        let jwk: Value = serde_json::to_value(jwk).expect("JSON");
        for (name, value) in [
            ("jwk", jwk.clone()),
            ("jku", json!(url)),
            ("x5u", json!(url)),
            ("x5c", json!([STANDARD.encode(attacker.public)])),
        ] {
            for kid in [None, Some("attacker")] {
                let mut token = Forge::new(algorithm).key(attacker).header(name, value.clone());
                if let Some(kid) = kid {
                    token = token.header("kid", json!(kid));
                }
                assert_rejected(&server, &token.token(), Invalid, &format!("{name}, {algorithm:?}"));
            }
        }
    }
    let fetched = listener.accept().map(drop).map_err(|error| error.kind());
    assert_eq!(fetched, Err(ErrorKind::WouldBlock), "a key was fetched");
}

/// A matching algorithm is not enough: the key must match, too.
#[test]
fn a_token_from_another_app_is_rejected() {
    for algorithm in ALGORITHMS.into_iter().filter(|algorithm| *algorithm != HS256) {
        let (ours, attacker) = (setup(algorithm), TestKey::of_attacker(algorithm));
        let (theirs, _) = Server::start(&ours.clone().with("private_key", attacker.private)).login();
        assert_rejected(&Server::start(&ours), &theirs, Invalid, &format!("{algorithm:?}"));
    }
}
