//! Sets of sessions.

use uuid::Uuid;

use super::state::number;

/// A set of sessions, by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Sessions(u8);

impl Sessions {
    pub(super) fn one(sid: u8) -> Self {
        Self(1 << sid)
    }

    pub(super) fn has(self, sid: u8) -> bool {
        !self.is_disjoint_from(Self::one(sid))
    }

    pub(super) fn is_disjoint_from(self, others: Self) -> bool {
        self.0 & others.0 == 0
    }

    pub(super) fn add(&mut self, others: Self) {
        self.0 |= others.0;
    }

    pub(super) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(super) fn filter(self, is_wanted: impl Fn(u8) -> bool) -> Self {
        (0..8).filter(|&sid| self.has(sid) && is_wanted(sid)).collect()
    }
}

impl FromIterator<u8> for Sessions {
    fn from_iter<I: IntoIterator<Item = u8>>(sids: I) -> Self {
        Self(sids.into_iter().fold(0, |set, sid| set | Self::one(sid).0))
    }
}

impl FromIterator<Uuid> for Sessions {
    fn from_iter<I: IntoIterator<Item = Uuid>>(sids: I) -> Self {
        sids.into_iter().map(number).collect()
    }
}
