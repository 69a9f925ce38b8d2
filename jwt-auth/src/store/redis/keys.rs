//! The names of what is in Redis.
//!
//! | name | what |
//! |---|---|
//! | `jwt-auth:{H}igest-of-the-subject` | a hash: the families of a subject |
//! | `jwt-auth:{H}:revocations` | a stream: what was revoked of the subjects with this tag |
//! | `jwt-auth:revocations:0` | a channel: the same, of all, as it happens; with the number of the database, which channels know nothing of |
//! | `jwt-auth:{H}:written` | a mark for [`replicas`](super::replicas) |
//! | `jwt-auth:{refresh_tokens}:…` | what stands beside the SET of another system, in [`token_set`](super::token_set) |
//!
//! `jwt-auth` is the setting `prefix`. The first letter of the digest stands in braces: it alone says in
//! which of a cluster's slots a key is, so that a script can touch a hash and its stream in one step. Of
//! such tags there are 64.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::SubjectDigest;

/// How many bytes of a subject's digest stand in a key: as many as leave it, with the default prefix, short
/// enough for Redis to keep in 32 bytes. Whoever finds two subjects of one key has two accounts of his own.
const DIGEST: usize = 13;

/// The digits of base64url.
const TAGS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) struct Keys {
    prefix: String,
    pub(super) channel: String,
}

impl Keys {
    pub(super) fn new(prefix: &str, database: i64) -> Self {
        Self { prefix: prefix.to_owned(), channel: format!("{prefix}:revocations:{database}") }
    }

    /// The key of a subject's hash. The subject is digested, since it may hold anything: braces that
    /// would choose a slot, globs, line breaks, ten thousand characters.
    pub(super) fn hash(&self, subject: SubjectDigest) -> String {
        let digest = URL_SAFE_NO_PAD.encode(&subject.0[..DIGEST]);
        let (tag, rest) = digest.split_at(1);
        format!("{}:{{{tag}}}{rest}", self.prefix)
    }

    /// The key of the stream that stands beside a subject's hash.
    pub(super) fn stream(&self, subject: SubjectDigest) -> String {
        self.tagged(tag(subject), "revocations")
    }

    /// The keys of all streams.
    pub(super) fn streams(&self) -> Vec<String> {
        TAGS.iter().map(|tag| self.tagged(*tag, "revocations")).collect()
    }

    /// A key in the slot of a subject's hash, for a write that says nothing.
    pub(super) fn mark(&self, subject: SubjectDigest) -> String {
        self.tagged(tag(subject), "written")
    }

    /// A key in the slot of another one.
    pub(super) fn beside(&self, key: &str, name: &str) -> String {
        format!("{}:{{{key}}}:{name}", self.prefix)
    }

    fn tagged(&self, tag: u8, name: &str) -> String {
        format!("{}:{{{}}}:{name}", self.prefix, char::from(tag))
    }
}

fn tag(subject: SubjectDigest) -> u8 {
    TAGS[usize::from(subject.0[0] >> 2)]
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
