//! The names of what is in Redis.
//!
//! | name | what |
//! |---|---|
//! | `jwt-auth:{H}igest-of-the-subject` | a hash: the families of a subject |
//! | `jwt-auth:{H}:revocations` | a stream: what was revoked of the subjects with this tag |
//! | `jwt-auth:revocations:0` | a channel: the same for all subjects, as it happens; with the number of the database, since channels are not part of one |
//! | `jwt-auth:{H}:written` | a mark for [`replicas`](super::replicas) |
//! | `jwt-auth:{refresh_tokens}:…` | keys next to the SET of fastapi_framework |
//!
//! `jwt-auth` is the setting `prefix`. The first letter of the digest is in braces: it alone determines the slot of a key
//! in a cluster, so that a script can change a hash and its stream in one step. There are 64 such tags.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::revocation::SubjectDigest;

/// How many bytes of a subject's digest are in a key: with the default prefix, the key then fits into an allocation of 32
/// bytes.
const DIGEST: usize = 13;

/// The digits of base64url.
const TAGS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) struct Keys {
    prefix: String,
    pub(super) channel: String,
}

impl Keys {
    pub(super) fn new(prefix: &str, database: i64) -> Self {
        Self { prefix: prefix.to_owned(), channel: format!("{prefix}:revocations:{database}") }
    }

    /// Returns the key of a subject's hash. It contains a digest, since a subject may contain anything: braces that would
    /// choose a slot, globs, line breaks, ten thousand characters.
    pub(super) fn hash(&self, subject: SubjectDigest) -> String {
        let digest = URL_SAFE_NO_PAD.encode(&subject.as_bytes()[..DIGEST]);
        let (tag, rest) = digest.split_at(1);
        format!("{}:{{{tag}}}{rest}", self.prefix)
    }

    /// Returns the key of the stream in the slot of a subject's hash.
    pub(super) fn stream(&self, subject: SubjectDigest) -> String {
        self.tagged(tag(subject), "revocations")
    }

    /// Returns the keys of all streams.
    pub(super) fn streams(&self) -> Vec<String> {
        TAGS.iter().map(|tag| self.tagged(*tag, "revocations")).collect()
    }

    /// Returns a key in the slot of a subject's hash, for an empty write.
    pub(super) fn mark(&self, subject: SubjectDigest) -> String {
        self.tagged(tag(subject), "written")
    }

    /// Returns a key in the slot of another key.
    pub(crate) fn next_to(&self, key: &str, name: &str) -> String {
        format!("{}:{{{key}}}:{name}", self.prefix)
    }

    fn tagged(&self, tag: u8, name: &str) -> String {
        format!("{}:{{{}}}:{name}", self.prefix, char::from(tag))
    }
}

fn tag(subject: SubjectDigest) -> u8 {
    TAGS[usize::from(subject.as_bytes()[0] >> 2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_and_its_stream_have_the_same_tag() {
        let keys = Keys::new("p", 0);
        for subject in 0..1_000 {
            let subject = SubjectDigest::of(&subject.to_string());
            let hash = keys.hash(subject);
            assert_eq!(hash[..5], keys.stream(subject)[..5]);
            assert_eq!(hash[..5], keys.mark(subject)[..5]);
            assert_eq!(hash.len(), "p:{".len() + 18 + "}".len());
            assert!(Keys::new("jwt-auth", 0).hash(subject).len() <= 30, "it fits an allocation of 32 bytes");
            assert!(keys.streams().contains(&keys.stream(subject)));
        }
    }
}
