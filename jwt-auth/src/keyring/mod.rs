//! The keys: one signs, and each that verifies is bound to one algorithm.

mod algorithm;
mod jwks;
mod load;
mod signing;
mod verifying;
#[cfg(test)]
mod vectors;

pub use jwks::{Jwks, PublicJwk};
pub(crate) use load::load;
pub(crate) use signing::SigningKey;
pub(crate) use verifying::{TokenKind, VerifyingKey};

/// Every key of an app, made once at launch.
pub(crate) struct Keyring {
    signing: Option<SigningKey>,
    verifying: Vec<VerifyingKey>,
}

impl Keyring {
    /// The key that signs. An app that only verifies has none.
    pub(crate) fn signing(&self) -> Option<&SigningKey> {
        self.signing.as_ref()
    }

    /// The keys that verify.
    pub(crate) fn verifying(&self) -> &[VerifyingKey] {
        &self.verifying
    }

    /// The key that a token's header names, or the only one when it names none. A `kid` is looked
    /// up here and nowhere else (RFC 8725, section 3.10).
    pub(crate) fn find(&self, kid: Option<&str>) -> Option<&VerifyingKey> {
        match (kid, self.verifying.as_slice()) {
            (Some(kid), keys) => keys.iter().find(|key| key.kid() == Some(kid)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The public keys, as `/.well-known/jwks.json` shows them.
    pub(crate) fn jwks(&self) -> Jwks {
        Jwks::new(self.verifying.iter().filter_map(|key| key.jwk().cloned()).collect())
    }
}
