//! Revocations of access tokens.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::owner::{OwnerDigest, Revision};

/// A revocation: the access tokens that every process rejects from then on.
///
/// A feed can store it as [bytes](Self::to_bytes). Later versions of this crate may add kinds of revocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Revocation {
    /// The tokens of a session of this owner.
    Session(OwnerDigest, Uuid),
    /// One access token, by its `jti`.
    Token(Uuid),
    /// The tokens of an owner whose revision is older than this, with or without a session. If a session is spared, its
    /// tokens remain valid.
    Owner(OwnerDigest, Revision, Option<Uuid>),
}

/// The content of the bytes, by version. A later version of the crate adds variants and can still read these.
#[derive(Serialize, Deserialize)]
enum Versions {
    #[serde(rename = "session1")]
    Session([u8; 16], Uuid),
    #[serde(rename = "token1")]
    Token(Uuid),
    #[serde(rename = "owner1")]
    Owner([u8; 16], u64, Option<Uuid>),
}

impl Revocation {
    /// Returns the revocation as bytes, which contain their version.
    pub fn to_bytes(&self) -> Vec<u8> {
        let versioned = match *self {
            Self::Session(owner, sid) => Versions::Session(*owner.as_bytes(), sid),
            Self::Token(id) => Versions::Token(id),
            Self::Owner(owner, revision, spared) => {
                Versions::Owner(*owner.as_bytes(), revision.as_u64(), spared)
            }
        };
        serde_json::to_vec(&versioned).expect("numbers and strings serialize")
    }

    /// Restores a revocation from its bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`]: the bytes are not a revocation, or were written by a later version of this crate.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let versioned = serde_json::from_slice(bytes)
            .map_err(|_| StoreError::Corrupt("bytes that are not a revocation of a known version"))?;
        Ok(match versioned {
            Versions::Session(owner, sid) => Self::Session(OwnerDigest::from_bytes(owner), sid),
            Versions::Token(id) => Self::Token(id),
            Versions::Owner(owner, revision, spared) => {
                Self::Owner(OwnerDigest::from_bytes(owner), Revision::from_u64(revision), spared)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_can_be_read_back() {
        let (owner, id) = (OwnerDigest::from_bytes([7; 16]), Uuid::from_u128(9));
        let latest = Revision::from_u64(u64::MAX);
        for revocation in [
            Revocation::Session(owner, id),
            Revocation::Token(id),
            Revocation::Owner(owner, latest, None),
            Revocation::Owner(owner, latest, Some(id)),
        ] {
            assert_eq!(Revocation::from_bytes(&revocation.to_bytes()).unwrap(), revocation);
        }
        for wrong in [&b""[..], b"{}", br#"{"session2":[]}"#, br#"{"token1":"x"}"#] {
            assert!(matches!(Revocation::from_bytes(wrong), Err(StoreError::Corrupt(_))), "{wrong:?}");
        }
    }
}
