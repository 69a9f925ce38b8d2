//! A request, from when it is wanted until its answer has arrived.

use super::revoked::Revoked;
use super::sessions::Sessions;
use super::state::{Token, number};
use crate::family::Family;

/// How far a request has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Request {
    None,
    /// A refresh is on its way to an app. `read`: the family as an app read it that reads before it writes.
    Asking {
        token: Token,
        read: Option<Box<Family>>,
    },
    /// An app will have the store insert a family.
    SigningIn {
        app: usize,
        family: Box<Family>,
        again: bool,
    },
    /// An app will have the store end sessions.
    Ending {
        app: usize,
        which: Which,
        reuse: bool,
    },
    /// The store has ended them, and the app does not know yet.
    Telling {
        app: usize,
        ended: Sessions,
        revoked: Revoked,
    },
    /// An app's answer is on its way.
    Answered(Answer),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Which {
    One(u8),
    /// All sessions of the owner of this one, which itself may be spared.
    All(u8, bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    SignedIn(Token),
    Rotated(Token),
    Retried(Token),
    Reused,
    Expired,
    Unknown,
}

impl Request {
    /// The token that comes with it.
    pub(super) fn token(&self) -> Option<Token> {
        match self {
            Self::Asking { token, .. } => Some(*token),
            Self::SigningIn { family, .. } => Some(number(family.current)),
            Self::Answered(answer) => answer.token(),
            Self::None | Self::Ending { .. } | Self::Telling { .. } => None,
        }
    }

    /// The order of a client's tabs. The first one waits for nothing, if there is such a tab.
    pub(super) fn rank(&self) -> (u8, Option<Token>) {
        let rank = match self {
            Self::None => 0,
            Self::Asking { .. } => 1,
            Self::SigningIn { .. } => 2,
            Self::Ending { app, reuse, .. } => 3 + 2 * u8::from(*reuse) + *app as u8,
            Self::Telling { app, .. } => 7 + *app as u8,
            Self::Answered(Answer::SignedIn(_) | Answer::Rotated(_)) => 9,
            Self::Answered(Answer::Retried(_)) => 10,
            Self::Answered(Answer::Reused) => 11,
            Self::Answered(Answer::Expired) => 12,
            Self::Answered(Answer::Unknown) => 13,
        };
        (rank, self.token())
    }
}

impl Answer {
    /// The token that it brings.
    pub(super) fn token(self) -> Option<Token> {
        match self {
            Self::SignedIn(token) | Self::Rotated(token) | Self::Retried(token) => Some(token),
            Self::Reused | Self::Expired | Self::Unknown => None,
        }
    }
}
