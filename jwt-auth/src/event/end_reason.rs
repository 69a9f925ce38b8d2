//! The reasons why sessions end.

/// The reason why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// Its user signed out.
    Logout,
    /// It was ended by its id.
    Revoked,
    /// All sessions of the user were ended, or all but one.
    Everywhere,
    /// A refresh token was reused.
    Reused,
    /// A login made room for a new session (`max_sessions`).
    Limit,
    /// The loader of a refresh did not find the user.
    NoSuchSubject,
    /// The browser signed in again.
    Replaced,
    /// Its first tokens could not be signed, or were not handed out.
    Undelivered,
    /// It had been ended before, and the store had lost that.
    Resurrected,
}

impl EndReason {
    /// Returns the name of the reason, in snake case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Revoked => "revoked",
            Self::Everywhere => "everywhere",
            Self::Reused => "reused",
            Self::Limit => "limit",
            Self::NoSuchSubject => "no_such_subject",
            Self::Replaced => "replaced",
            Self::Undelivered => "undelivered",
            Self::Resurrected => "resurrected",
        }
    }

    /// Returns the reason as the end of a sentence.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Logout => "its user signed out",
            Self::Revoked => "it was revoked",
            Self::Everywhere => "all sessions of its user were revoked",
            Self::Reused => "a refresh token was reused",
            Self::Limit => "its user has reached the maximum number of sessions (`max_sessions`)",
            Self::NoSuchSubject => "its user no longer exists",
            Self::Replaced => "the browser signed in again",
            Self::Undelivered => "its tokens were not handed out",
            Self::Resurrected => "the store had lost its end",
        }
    }
}
