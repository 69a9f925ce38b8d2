//! Verifies any token with four apps, one for each family of algorithms. Each app also trusts another issuer. A token that
//! an app accepts must be valid for a plain reader and for jsonwebtoken, and no other app may accept it.
//!
//! A seed is either the text of a token, or three lines with the name of an algorithm, a header and a payload, which are
//! then signed correctly.

#![no_main]

use std::sync::LazyLock;

use jsonwebtoken::Algorithm::{self, ES256, EdDSA, HS256, RS256};
use jwt_auth::{Auth, AuthError, Claims, InvalidGrant, JwtAuth};
use jwt_auth_fuzz::{AUDIENCE, Peer, Plain, Signer, THEM, TestKey, US, User, block_on, launch, settings};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use rocket::serde::json::json;
use serde::{Deserialize, Serialize};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(token) = token(data) else { return Corpus::Reject };
    let accepted = SIDES.iter().map(|side| side.ours(&token) + side.theirs(&token)).sum::<usize>();
    assert!(accepted <= 1, "a token is accepted in {accepted} ways");
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

/// The apps. Each one trusts an issuer that uses the key of the next app.
static SIDES: LazyLock<[Side; 4]> = LazyLock::new(|| {
    [(HS256, RS256), (RS256, ES256), (ES256, EdDSA), (EdDSA, HS256)]
        .map(|(ours, theirs)| Side::of(ours, theirs))
});

/// An app, with its signer and with the verifiers that it is compared with.
struct Side {
    auth: JwtAuth,
    signer: Signer,
    algorithm: String,
    peer: Peer,
    their_algorithm: String,
    their_peer: Peer,
}

/// The claims of the trusted issuer.
#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "them")]
struct Caller {
    #[claims(subject)]
    name: String,
}

fn token(data: &[u8]) -> Option<String> {
    let mut lines = data.splitn(3, |byte| *byte == b'\n');
    if let (Some(algorithm), Some(header), Some(payload)) = (lines.next(), lines.next(), lines.next())
        && let Some(side) = SIDES.iter().find(|side| side.algorithm.as_bytes() == algorithm)
    {
        return Some(side.signer.sign(header, payload));
    }
    std::str::from_utf8(data).ok().map(str::to_owned)
}

impl Side {
    fn of(ours: Algorithm, theirs: Algorithm) -> Self {
        let key = TestKey::of(theirs);
        let setting = key.setting.replace("private", "public");
        let their_algorithm = format!("{theirs:?}");
        let issuers = json!([{
            "issuer": THEM, "audience": AUDIENCE, "algorithm": their_algorithm, setting: key.public,
        }]);
        Self {
            auth: launch(&settings(ours).merge(("jwt_auth.issuers", issuers))),
            signer: Signer::new(ours),
            algorithm: format!("{ours:?}"),
            peer: Peer::new(US, ours),
            their_algorithm,
            their_peer: Peer::new(THEM, theirs),
        }
    }

    /// Returns 1 if the app accepts the token as its own, otherwise 0.
    fn ours(&self, token: &str) -> usize {
        let Some(auth) = self.verify::<User>(token) else { return 0 };
        let plain = Plain::read(token);
        plain.assert_ours(&self.algorithm);
        assert_accepted(&self.peer, token, &plain);

        let payload = &plain.payload;
        let claims = User {
            name: payload.get("sub").expect("a subject"),
            roles: payload.get("roles").unwrap_or_default(),
            scope: payload.get("scope").unwrap_or_default(),
        };
        assert_eq!(*auth, claims, "{plain:?}");
        assert_eq!(Some(auth.token_id()), payload.get("jti"), "{plain:?}");
        assert_eq!(auth.session_id(), payload.get("sid"), "{plain:?}");
        assert_eq!(auth.acr(), payload.get::<String>("acr").as_deref(), "{plain:?}");

        let refreshed = block_on(self.auth.check_refresh_token(token)).map(drop);
        assert!(
            matches!(refreshed, Err(AuthError::InvalidGrant(InvalidGrant::Token(_)))),
            "an access token passed for a refresh token: {refreshed:?}"
        );
        1
    }

    /// Returns 1 if the app accepts the token as one of the trusted issuer, otherwise 0.
    fn theirs(&self, token: &str) -> usize {
        let Some(auth) = self.verify::<Caller>(token) else { return 0 };
        let plain = Plain::read(token);
        plain.assert_theirs(&self.their_algorithm);
        assert_accepted(&self.their_peer, token, &plain);
        assert_eq!(Some(&auth.name), plain.payload.get("sub").as_ref(), "{plain:?}");
        assert_eq!(auth.session_id(), None, "{plain:?}");
        1
    }

    fn verify<C: Claims>(&self, token: &str) -> Option<Auth<C>> {
        let (first, again) = (self.auth.verify::<C>(token), self.auth.verify::<C>(token));
        assert_eq!(first.is_ok(), again.is_ok(), "the second verification had another result");
        first.ok()
    }
}

fn assert_accepted(peer: &Peer, token: &str, plain: &Plain) {
    let theirs = peer.verify(token);
    assert!(theirs.is_ok() || Peer::stumbles_over(token, &plain.header), "{theirs:?} {plain:?}");
}
