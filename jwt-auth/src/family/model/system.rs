//! The systems that the model checker explores: who takes part, and how far it follows them.

use super::fault::Fault;
use super::state::{GRACE, LAST};

/// A system: who takes part, and how far the model checker follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct System {
    /// The number of tabs that the first client has open. They share one session.
    pub(super) tabs: usize,
    /// Whether a thief copies what the first client holds, once, at any moment.
    pub(super) thief: bool,
    /// Whether the user also signs in on a second client.
    pub(super) second_client: bool,
    /// Whether the second client belongs to a device with the same subject rather than to the user.
    pub(super) kinds: bool,
    pub(super) max_sessions: usize,
    /// The grace period, in ticks.
    pub(super) grace: u8,
    /// Whether users sign out, and loaders report that users no longer exist.
    pub(super) ends: bool,
    /// Whether users end all their sessions, or all except the current one.
    pub(super) everywhere: bool,
    /// Whether the user signs in again, once, within a session.
    pub(super) elevates: bool,
    /// Whether the user may do so while a refresh of another tab is in flight with an older token.
    pub(super) overtakes: bool,
    /// Whether access tokens are used.
    pub(super) uses: bool,
    /// Whether there are two apps, and the clock of the second is ahead.
    pub(super) skew: bool,
    /// Whether the model tracks which revocations each app has received.
    pub(super) hears: bool,
    /// How often the store fails over to a copy that is behind.
    pub(super) failovers: u8,
    /// Whether a login may be sent to the store a second time, whatever has happened in the meantime.
    pub(super) resends: bool,
    /// Whether the store may lose revocations that an app has not received yet.
    pub(super) unheard: bool,
    /// The maximum number of refresh tokens that are signed.
    pub(super) tokens: usize,
    /// The maximum number of revisions that are assigned to an owner.
    pub(super) revisions: u64,
    /// The last tick.
    pub(super) until: u8,
    /// The fault in the protocol. With `None`, the protocol is that of the crate.
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
    elevates: false,
    overtakes: false,
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

/// Clocks are the same, to limit the number of states. Between processes whose clocks differ, an elevation ends earlier or
/// later by that difference, like a session.
pub(super) const ELEVATIONS: System = System { elevates: true, ends: false, skew: false, until: 4, ..TABS };
pub(super) const ELEVATIONS_AND_THIEF: System = System { tabs: 1, thief: true, tokens: 3, ..ELEVATIONS };

/// Confirmations are left out, because each one affects only one session.
pub(super) const CLIENTS: System =
    System { second_client: true, everywhere: true, uses: false, skew: false, until: 3, ..ALONE };

pub(super) const REVOCATIONS: System = System { hears: true, tabs: 2, tokens: 2, until: 2, ..ALONE };

/// The clock does not move, because revisions do not depend on it.
pub(super) const EVERYWHERE: System = System { ends: false, hears: true, tokens: 2, until: 0, ..CLIENTS };
pub(super) const KINDS: System = System { kinds: true, max_sessions: 1, revisions: 1, ..EVERYWHERE };

pub(super) const FAILOVERS: System = System { failovers: 2, skew: false, ..ALONE };

/// Four tokens suffice to take turns once more after the failover.
pub(super) const FAILOVER_AND_THIEF: System =
    System { failovers: 1, uses: false, skew: false, tokens: 4, until: 3, ..THIEF };
pub(super) const LOST_REVISIONS: System = System { failovers: 1, revisions: 1, ..EVERYWHERE };
