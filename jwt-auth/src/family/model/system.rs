//! The systems that are walked through: who takes part, and how far they are followed.

use super::fault::Fault;
use super::state::{GRACE, LAST};

/// Who takes part, and how far it is followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct System {
    /// How many tabs the first client has open, on the one session that they share.
    pub(super) tabs: usize,
    /// Whether a thief copies what the first client holds, at any one moment.
    pub(super) thief: bool,
    /// Whether the user signs in once more, on another client.
    pub(super) second_client: bool,
    /// Whether the second client is not of the user but of a device with the same subject.
    pub(super) kinds: bool,
    pub(super) max_sessions: usize,
    /// The grace, in ticks.
    pub(super) grace: u8,
    /// Whether users sign out, and loaders say that they are gone.
    pub(super) ends: bool,
    /// Whether users end all their sessions, or all others.
    pub(super) everywhere: bool,
    /// Whether access tokens are used.
    pub(super) uses: bool,
    /// Whether there are two apps, and the clock of the second is ahead.
    pub(super) skew: bool,
    /// Whether the system follows which app has heard of which revocation.
    pub(super) hears: bool,
    /// How often the store fails over to a copy that is behind.
    pub(super) failovers: u8,
    /// Whether a login may be sent to the store once more, after anything that happened meanwhile.
    pub(super) resends: bool,
    /// Whether a store may lose revocations of which an app has not heard.
    pub(super) unheard: bool,
    /// How many refresh tokens are signed at most.
    pub(super) tokens: usize,
    /// How many revisions are assigned to an owner at most.
    pub(super) revisions: u64,
    /// The last tick.
    pub(super) until: u8,
    /// What is wrong with the protocol. `None`: it is the crate's.
    pub(super) fault: Option<Fault>,
}

/// One client with one tab.
pub(super) const ALONE: System = System {
    tabs: 1,
    thief: false,
    second_client: false,
    kinds: false,
    max_sessions: 2,
    grace: GRACE,
    ends: true,
    everywhere: false,
    uses: true,
    skew: true,
    hears: false,
    failovers: 0,
    resends: false,
    unheard: false,
    tokens: 4,
    revisions: 2,
    until: LAST,
    fault: None,
};

/// Three tokens suffice for the owner and the thief to take turns.
pub(super) const THIEF: System = System { thief: true, ends: false, tokens: 3, ..ALONE };
pub(super) const STRICT: System = System { grace: 0, tokens: 4, ..THIEF };
pub(super) const TABS: System = System { tabs: 2, ..ALONE };
pub(super) const TABS_AND_THIEF: System = System { tabs: 2, skew: false, until: 4, ..THIEF };

/// Confirmations are left out, since each concerns one session only.
pub(super) const CLIENTS: System =
    System { second_client: true, everywhere: true, uses: false, skew: false, until: 3, ..ALONE };

pub(super) const REVOCATIONS: System = System { hears: true, tabs: 2, tokens: 2, until: 2, ..ALONE };

/// The clock does not move, since revisions do not depend on it.
pub(super) const EVERYWHERE: System = System { ends: false, hears: true, tokens: 2, until: 0, ..CLIENTS };
pub(super) const KINDS: System = System { kinds: true, max_sessions: 1, revisions: 1, ..EVERYWHERE };

pub(super) const FAILOVERS: System = System { failovers: 2, skew: false, ..ALONE };

/// Four tokens suffice to take turns once more after the failover.
pub(super) const FAILOVER_AND_THIEF: System =
    System { failovers: 1, uses: false, skew: false, tokens: 4, until: 3, ..THIEF };
pub(super) const LOST_REVISIONS: System = System { failovers: 1, revisions: 1, ..EVERYWHERE };
