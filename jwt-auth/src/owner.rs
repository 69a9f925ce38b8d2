//! The owners of sessions.

use std::fmt;

use crate::clock::Timestamp;
use crate::jws::half_sha256_of;

/// The owner of a session: an app, a kind of claims, and a subject.
///
/// A subject alone does not identify an owner: another app in the same Redis may also have a user 1, and so may another
/// kind of caller of the same app. Different owners have separate sessions, separate session limits and separate
/// revocations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    app: Option<Box<str>>,
    kind: Option<Box<str>>,
    subject: Box<str>,
    digest: OwnerDigest,
}

impl Owner {
    /// Creates an owner. `app` is the setting `issuer`; `kind` is the audience of the claims type, or `None` if the
    /// type has none of its own.
    pub fn new(app: Option<&str>, kind: Option<&str>, subject: &str) -> Self {
        let digest = OwnerDigest::of(app, kind, subject);
        Self { app: app.map(Into::into), kind: kind.map(Into::into), subject: subject.into(), digest }
    }

    /// Returns the app: the setting `issuer`.
    pub fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }

    /// Returns the kind: the audience of the claims type, if it has one of its own.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Returns the subject: the `sub` of the tokens.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns the digest that identifies the owner.
    pub fn digest(&self) -> OwnerDigest {
        self.digest
    }
}

/// Displays the subject and the kind, escaped for logs.
impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.subject.escape_debug())?;
        match &self.kind {
            Some(kind) => write!(f, " of kind `{}`", kind.escape_debug()),
            None => Ok(()),
        }
    }
}

/// A digest that identifies an owner without revealing the subject: half of a SHA-256 hash. Different owners have
/// different digests, whatever characters their parts contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerDigest([u8; 16]);

impl OwnerDigest {
    /// Returns the digest of an owner. Each part is preceded by its length, so that no part can be mistaken for a piece
    /// of another.
    pub(crate) fn of(app: Option<&str>, kind: Option<&str>, subject: &str) -> Self {
        let length = |part: Option<&str>| part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes();
        Self(half_sha256_of(&[
            &length(app),
            app.unwrap_or_default().as_bytes(),
            &length(kind),
            kind.unwrap_or_default().as_bytes(),
            subject.as_bytes(),
        ]))
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

/// A number that increases whenever all tokens of an owner are revoked. It is derived from the store's time of the last
/// such revocation, in milliseconds since 1970, and is 0 if there was none.
///
/// Every access token contains the revision under which it was issued, and is rejected if that is older than the
/// current one. So no two clocks are compared: a token that is issued after a revocation is valid, and one that was
/// issued before it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(u64);

impl Revision {
    /// Restores a revision from its number.
    pub const fn from_u64(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// Returns the next revision. It is the millisecond after `now`, the time of the store's clock, or one more than
    /// this revision if the clock was set back.
    pub fn next(self, now: Timestamp) -> Self {
        Self(self.0.max(now.as_millis()).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_owners_have_the_same_digest() {
        let parts = [None, Some(""), Some("a"), Some("ab"), Some("b"), Some("\0"), Some("b1")];
        let mut seen = Vec::new();
        for app in parts {
            for kind in parts {
                for subject in ["1", "11", "a1", "b1", "ab1", "\u{1}1"] {
                    let digest = Owner::new(app, kind, subject).digest();
                    assert!(!seen.contains(&digest), "{app:?} {kind:?} {subject:?}");
                    seen.push(digest);
                }
            }
        }
    }

    #[test]
    fn the_next_revision_is_greater_even_if_the_clock_was_set_back() {
        let first = Revision::default().next(Timestamp::from_millis(5_000));
        assert_eq!(first, Revision::from_u64(5_001));
        assert_eq!(first.next(Timestamp::from_millis(9_000)), Revision::from_u64(9_001));
        assert_eq!(first.next(Timestamp::from_millis(1)), Revision::from_u64(5_002));
        assert_eq!(Revision::from_u64(u64::MAX).next(Timestamp::MAX), Revision::from_u64(u64::MAX));
    }
}
