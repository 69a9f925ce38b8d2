//! The operations, and strategies that generate them.

use proptest::collection::vec;
use proptest::prelude::*;

/// One operation, on one of the two apps.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Login {
        user: usize,
        app: usize,
        lost: bool,
    },
    Refresh {
        token: Pick,
        app: usize,
        lost: bool,
    },
    Check {
        token: Pick,
        app: usize,
    },
    /// A request with the access token that came with a refresh token confirms that the pair has arrived.
    Confirm {
        token: Pick,
        app: usize,
    },
    Logout {
        token: Pick,
        app: usize,
        lost: bool,
    },
    /// A user ends the session of a token. The session may belong to the other user.
    EndSession {
        user: usize,
        token: Pick,
        app: usize,
    },
    /// Only the access token that came with a refresh token is revoked.
    RevokeAccessToken {
        token: Pick,
        app: usize,
        lost: bool,
    },
    LogoutEverywhere {
        user: usize,
        app: usize,
    },
    List {
        user: usize,
        app: usize,
    },
    /// Time passes.
    Advance {
        seconds: u64,
    },
    /// Time passes until a deadline of a token's session, by the clock of an app. The next step happens exactly at the
    /// deadline.
    Reach {
        edge: Edge,
        token: Pick,
        app: usize,
    },
    /// The store loses its last writes for a user.
    Lose {
        user: usize,
        last: usize,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Edge {
    Grace,
    Idle,
    Absolute,
}

/// Selects one of the issued tokens: the number of tokens issued after it, modulo the number of all tokens.
pub(super) type Pick = usize;

pub(super) fn ops() -> impl Strategy<Value = Vec<Op>> {
    vec(op(), 1..60)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (user(), app(), lost()).prop_map(|(user, app, lost)| Op::Login { user, app, lost }),
        24 => (token(), app(), lost()).prop_map(|(token, app, lost)| Op::Refresh { token, app, lost }),
        3 => (token(), app()).prop_map(|(token, app)| Op::Check { token, app }),
        6 => (token(), app()).prop_map(|(token, app)| Op::Confirm { token, app }),
        1 => (token(), app(), lost()).prop_map(|(token, app, lost)| Op::Logout { token, app, lost }),
        1 => (user(), token(), app()).prop_map(|(user, token, app)| Op::EndSession { user, token, app }),
        1 => (token(), app(), lost()).prop_map(|(token, app, lost)| Op::RevokeAccessToken { token, app, lost }),
        1 => (user(), app()).prop_map(|(user, app)| Op::LogoutEverywhere { user, app }),
        1 => (user(), app()).prop_map(|(user, app)| Op::List { user, app }),
        8 => seconds().prop_map(|seconds| Op::Advance { seconds }),
        4 => (edge(), token(), app()).prop_map(|(edge, token, app)| Op::Reach { edge, token, app }),
        3 => (user(), 1..4_usize).prop_map(|(user, last)| Op::Lose { user, last }),
    ]
}

fn user() -> impl Strategy<Value = usize> {
    0..2_usize
}

fn app() -> impl Strategy<Value = usize> {
    0..2_usize
}

/// Whether the response of the store is lost.
fn lost() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.1)
}

fn token() -> impl Strategy<Value = Pick> {
    prop_oneof![4 => 0..3_usize, 1 => 0..40_usize]
}

fn edge() -> impl Strategy<Value = Edge> {
    prop_oneof![Just(Edge::Grace), Just(Edge::Idle), Just(Edge::Absolute)]
}

fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![0..5_u64, 5..15_u64]
}
