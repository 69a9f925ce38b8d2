//! What a revocation revokes.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::jws::half_sha256;

/// A revocation: access tokens that every process rejects from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// The tokens of a session.
    Session(Uuid),
    /// One access token, by its `jti`.
    Token(Uuid),
    /// The tokens of a subject that belong to no session and were issued before this time.
    Subject(SubjectDigest, Timestamp),
}

/// A digest that identifies a subject without revealing its name: half of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubjectDigest([u8; 16]);

impl SubjectDigest {
    /// Returns the digest of a subject.
    pub fn of(subject: &str) -> Self {
        Self(half_sha256(subject))
    }

    /// Restores a digest from its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}
