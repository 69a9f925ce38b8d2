//! A request, from its beginning until its response has arrived.

use super::revoked::Revoked;
use super::sessions::Sessions;
use super::state::{Token, number};
use crate::family::Family;

/// The progress of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Request {
    None,
    /// A refresh is on its way to an app. `read` is the family, if the app reads it before it writes.
    Asking {
        token: Token,
        read: Option<Box<Family>>,
        /// Whether the user signs in again with it.
        elevates: bool,
    },
    /// An app is about to insert a family into the store.
    SigningIn {
        app: usize,
        family: Box<Family>,
        again: bool,
    },
    /// An app is about to end sessions in the store.
    Ending {
        app: usize,
        which: Which,
        reuse: bool,
    },
    /// The store has ended them, but the app does not know yet.
    Telling {
        app: usize,
        ended: Sessions,
        revoked: Revoked,
    },
    /// An app's response is on its way.
    Answered(Answer),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Which {
    One(u8),
    /// All sessions of the owner of this one. This one may be spared.
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
    /// Returns the token that the request carries.
    pub(super) fn token(&self) -> Option<Token> {
        match self {
            Self::Asking { token, .. } => Some(*token),
            Self::SigningIn { family, .. } => Some(number(family.current)),
            Self::Answered(answer) => answer.token(),
            Self::None | Self::Ending { .. } | Self::Telling { .. } => None,
        }
    }

    /// Returns the rank by which the tabs of a client are sorted. If any tab is idle, the first one is.
    pub(super) fn rank(&self) -> (u8, Option<Token>) {
        let rank = match self {
            Self::None => 0,
            Self::Asking { elevates, .. } => {
                if *elevates {
                    14
                } else {
                    1
                }
            }
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
    /// Returns the token that the answer carries.
    pub(super) fn token(self) -> Option<Token> {
        match self {
            Self::SignedIn(token) | Self::Rotated(token) | Self::Retried(token) => Some(token),
            Self::Reused | Self::Expired | Self::Unknown => None,
        }
    }
}
