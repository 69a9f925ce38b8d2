//! The user an event concerns.

use std::fmt;

use crate::owner::Owner;

/// The user an event concerns: an app, a kind of claims, and a subject.
///
/// Neither `Debug` nor the serialized event shows the subject, which may be an e-mail address. They show its
/// [digest](Self::digest), which is the same for all events of a user, so that they can be counted and connected. A
/// digest of a number or an e-mail address can be guessed by trying: it is a pseudonym, not an anonymous value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity<'a>(&'a Owner);

impl<'a> Identity<'a> {
    pub(crate) const fn of(owner: &'a Owner) -> Self {
        Self(owner)
    }

    /// Returns the digest, in hexadecimal digits.
    pub fn digest(self) -> String {
        self.to_string()
    }

    /// Returns the kind of claims: the audience of their type, if it has one of its own.
    pub fn kind(self) -> Option<&'a str> {
        self.0.kind()
    }

    /// Returns the subject. It may be personal data.
    pub fn subject(self) -> &'a str {
        self.0.subject()
    }
}

/// Displays the digest.
impl fmt::Display for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.digest().as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
