//! The result of verifying a password.

/// Whether a password is right, and whether its hash is up to date.
///
/// There is no `bool` to confuse: [`is_right`](Self::is_right) decides the sign-in, and
/// [`needs_rehash`](Self::needs_rehash) is never true for a wrong password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a password that is not checked lets everyone in"]
#[non_exhaustive]
pub enum PasswordCheck {
    /// The password is right.
    Right,
    /// The password is right, but its hash has other parameters than new hashes have. Hash the password again, and store
    /// the new hash.
    RightButRehash,
    /// The password is wrong, or there is no hash that it could be compared with.
    Wrong,
}

impl PasswordCheck {
    /// Returns whether the password is right.
    #[must_use = "a password that is not checked lets everyone in"]
    pub fn is_right(self) -> bool {
        matches!(self, Self::Right | Self::RightButRehash)
    }

    /// Returns whether the password is right, and should be hashed again.
    pub fn needs_rehash(self) -> bool {
        matches!(self, Self::RightButRehash)
    }
}
