//! The names of keys and channels in Redis.
//!
//! | name | content |
//! |---|---|
//! | `jwt-auth:{H}igest-of-the-owner` | a hash: the families and the revision of an owner |
//! | `jwt-auth:{H}:revocations` | a stream: the revocations of all owners with this tag |
//! | `jwt-auth:{H}:retention` | how long entries stay in that stream, in milliseconds |
//! | `jwt-auth:revocations:0` | a channel: the revocations of all owners, as they happen. The name ends with the number of the database, because a channel does not belong to a database |
//! | `jwt-auth:{H}igest-of-the-account:attempts` | a hash: the [attempts](super::attempts) on an account |
//! | `jwt-auth:{A}:probe` | a key that the check at launch writes and deletes |
//! | `jwt-auth:{refresh_tokens}:…` | keys next to the SET of fastapi_framework |
//!
//! `jwt-auth` is the setting `prefix`. The first character of the digest is in braces: in a cluster, this tag alone
//! determines the slot of a key, so a script can change a hash and its stream in one step. There are 64 tags.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::owner::OwnerDigest;
use crate::throttle::AccountDigest;

/// The number of bytes of an owner's digest in a key. With the default prefix, the key then fits into an allocation of
/// 32 bytes.
const DIGEST: usize = 13;

/// The digits of base64url.
const TAGS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[derive(Clone)]
pub(crate) struct Keys {
    prefix: String,
    pub(super) channel: String,
}

impl Keys {
    pub(super) fn new(prefix: &str, database: i64) -> Self {
        Self { prefix: prefix.to_owned(), channel: format!("{prefix}:revocations:{database}") }
    }

    /// Returns the key of an owner's hash. It contains a digest because a subject may contain anything: braces that
    /// would select a slot, glob characters, line breaks, or ten thousand characters.
    pub(super) fn hash(&self, owner: OwnerDigest) -> String {
        self.of(owner.as_bytes())
    }

    /// Returns the key of the attempts on an account.
    pub(super) fn attempts(&self, account: AccountDigest) -> String {
        self.of(account.as_bytes()) + ":attempts"
    }

    fn of(&self, digest: &[u8; 16]) -> String {
        let digest = URL_SAFE_NO_PAD.encode(&digest[..DIGEST]);
        let (tag, rest) = digest.split_at(1);
        format!("{}:{{{tag}}}{rest}", self.prefix)
    }

    /// Returns the keys of the stream in the slot of an owner's hash, and of that stream's retention.
    pub(super) fn stream(&self, owner: OwnerDigest) -> [String; 2] {
        self.stream_of(tag(owner))
    }

    /// Returns the keys of all streams and their retentions.
    pub(super) fn streams(&self) -> Vec<[String; 2]> {
        TAGS.iter().map(|tag| self.stream_of(*tag)).collect()
    }

    /// Returns the pattern of all keys, for the permissions of a user.
    pub(crate) fn pattern(&self) -> String {
        format!("{}:*", self.prefix)
    }

    /// Returns a key that only the check at launch uses.
    pub(super) fn probe(&self) -> String {
        self.tagged(TAGS[0], "probe")
    }

    fn stream_of(&self, tag: u8) -> [String; 2] {
        ["revocations", "retention"].map(|name| self.tagged(tag, name))
    }

    /// Returns a key in the slot of another key.
    pub(crate) fn next_to(&self, key: &str, name: &str) -> String {
        format!("{}:{{{key}}}:{name}", self.prefix)
    }

    fn tagged(&self, tag: u8, name: &str) -> String {
        format!("{}:{{{}}}:{name}", self.prefix, char::from(tag))
    }
}

fn tag(owner: OwnerDigest) -> u8 {
    TAGS[usize::from(owner.as_bytes()[0] >> 2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_and_its_stream_have_the_same_tag() {
        let keys = Keys::new("p", 0);
        for subject in 0..1_000 {
            let owner = OwnerDigest::of(None, None, &subject.to_string());
            let hash = keys.hash(owner);
            assert!(keys.stream(owner).iter().all(|key| hash[..5] == key[..5]));
            assert_eq!(hash.len(), "p:{".len() + 18 + "}".len());
            assert!(
                Keys::new("jwt-auth", 0).hash(owner).len() <= 30,
                "the key fits into an allocation of 32 bytes"
            );
            assert!(keys.streams().contains(&keys.stream(owner)));
        }
    }
}
