//! The scripts of the store.

use super::script::{Step, step};

pub(super) struct Steps {
    pub(super) insert: Step,
    pub(super) compare_and_swap: Step,
    pub(super) confirm: Step,
    pub(super) revision: Step,
    pub(super) remove: Step,
    pub(super) remove_all: Step,
    pub(super) tell: Step,
}

impl Steps {
    pub(super) fn new() -> Self {
        Self {
            insert: step!("retention.lua", "revision.lua", "common.lua", "insert.lua"),
            compare_and_swap: step!(full, "revision.lua", "compare_and_swap.lua"),
            confirm: step!(full, "confirm.lua"),
            revision: step!(full, "revision.lua", "revision_of.lua"),
            remove: step!(full, "retention.lua", "common.lua", "remove.lua"),
            remove_all: step!(full, "retention.lua", "revision.lua", "common.lua", "remove_all.lua"),
            tell: step!(full, "retention.lua", "common.lua", "tell.lua"),
        }
    }

    /// Returns the step that checks a Redis at launch.
    pub(super) fn probe() -> Step {
        step!(full, "denied.lua", "probe.lua")
    }

    /// Returns the step that counts an attempt to sign in.
    pub(super) fn reserve() -> Step {
        step!("attempts.lua", "reserve.lua")
    }

    /// Returns the step that gives an attempt back. It frees memory, or adds one field at most.
    pub(super) fn give_back() -> Step {
        step!(full, "attempts.lua", "give_back.lua")
    }

    /// Returns the step that reads the streams.
    pub(super) fn read() -> Step {
        step!(full, "retention.lua", "read.lua")
    }
}
