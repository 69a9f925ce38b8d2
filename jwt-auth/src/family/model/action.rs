//! The actions that are possible in a state.

use super::System;
use super::confirm::Confirmation;
use super::request::Request;
use super::state::{ACCESS, State, Token};

/// One step. Each step is atomic. Between two steps, anything else can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    /// A tick passes.
    Tick,
    /// A tab asks for a refresh: the access token has expired, or an earlier request got no response.
    Ask {
        client: usize,
        tab: usize,
    },
    /// A tab asks for a refresh with which the user signs in again.
    Elevate {
        client: usize,
        tab: usize,
    },
    /// The access token that came with a refresh token is used at an app.
    Use {
        who: Who,
        token: Token,
        app: usize,
    },
    /// The store carries out a confirmation that was sent to it.
    Confirm(Confirmation),
    /// An app carries out a refresh that a tab asked for. With `twice`, the connection to the store broke, and the swap
    /// was sent again.
    Refresh {
        client: usize,
        tab: usize,
        app: usize,
        twice: bool,
    },
    /// An app's loader does not find the user.
    UserIsGone {
        client: usize,
        tab: usize,
        app: usize,
    },
    Logout {
        client: usize,
        app: usize,
    },
    /// A client ends all sessions, or all except its own.
    LogoutEverywhere {
        client: usize,
        app: usize,
        but_here: bool,
    },
    SignIn {
        client: usize,
        app: usize,
    },
    /// The store inserts a family. With `lost`, the connection broke before the answer, and the app sends it again.
    Insert {
        client: usize,
        lost: bool,
    },
    /// The store ends sessions on behalf of an app.
    Remove(Who),
    /// The app receives the store's answer, and responds.
    Tell(Who),
    /// An app's response arrives.
    Receive {
        client: usize,
        tab: usize,
    },
    /// A request fails: a message or the store's answer was lost, or the app crashed.
    Lose(Who),
    /// The thief copies what the first client holds.
    Steal,
    /// The thief presents a token, and receives the response.
    Present {
        token: Token,
        app: usize,
    },
    /// An app receives what the feed announces.
    Hear {
        app: usize,
    },
    /// An app crashes, and restarts with what the feed announces.
    Restart {
        app: usize,
    },
    /// A copy of the store is taken. It does not receive later writes.
    Copy,
    /// The store fails, and the copy takes its place.
    FailOver,
}

/// The sender of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// A tab of a client.
    Owner(usize, usize),
    Thief,
}

pub(super) fn possible(system: &System, state: &State, actions: &mut Vec<Action>) {
    if is_over(state) {
        return;
    }
    if state.now < system.until {
        actions.push(Action::Tick);
    }
    for client in 0..state.clients.len() {
        of_client(system, state, client, actions);
        for tab in 0..state.clients[client].tabs.len() {
            of_tab(system, state, (client, tab), actions);
        }
    }
    if system.thief {
        of_thief(system, state, actions);
    }
    actions.extend(state.confirmations.iter().copied().map(Action::Confirm));
    if system.hears {
        of_apps(system, state, actions);
    }
    match &state.replica {
        None if state.failovers > 0 => actions.push(Action::Copy),
        Some(replica) if *replica != state.store && may_fail_over(system, state) => {
            actions.push(Action::FailOver);
        }
        _ => {}
    }
}

/// Returns whether no session is left, and nothing in progress can begin one.
fn is_over(state: &State) -> bool {
    let replica = state.replica.iter().any(|replica| !replica.families.is_empty());
    let to_come = state.clients.iter().any(|client| client.begun.is_none());
    let in_progress = state.requests().any(|request| *request != Request::None);
    state.store.families.is_empty() && !replica && !to_come && !in_progress
}

/// Returns whether the store may fail over now. Every revocation that it loses must have reached every app, unless the
/// system says otherwise.
fn may_fail_over(system: &System, state: &State) -> bool {
    let have_heard = || state.apps.iter().all(|app| state.store.feed.is_within(app.heard));
    !system.hears || system.unheard || have_heard()
}

/// Returns the apps that may get a request, if it matters which clock they have or which revocations they have
/// received.
fn clocks(system: &System) -> impl Iterator<Item = usize> + use<> {
    0..=usize::from(system.skew || system.hears)
}

/// Returns the apps that may get a request, if it matters only which revocations they have received.
fn apps(system: &System) -> impl Iterator<Item = usize> + use<> {
    0..=usize::from(system.hears)
}

fn of_client(system: &System, state: &State, client: usize, actions: &mut Vec<Action>) {
    let it = &state.clients[client];
    if it.tabs[0] != Request::None {
        return;
    }
    let Some(token) = it.held else {
        if it.begun.is_none() {
            actions.extend(clocks(system).map(|app| Action::SignIn { client, app }));
        }
        return;
    };
    // If the clock does not move, a tab may ask at any time.
    if it.got == ACCESS || system.until == 0 {
        actions.push(Action::Ask { client, tab: 0 });
    }
    let is_older = |request: &Request| request.token().is_some_and(|other| other != token);
    if state.may_elevate && (system.overtakes || !it.tabs.iter().any(is_older)) {
        actions.push(Action::Elevate { client, tab: 0 });
    }
    of_access_tokens(system, state, Who::Owner(client, 0), actions);
    if system.ends {
        actions.extend(apps(system).map(|app| Action::Logout { client, app }));
    }
    if system.everywhere {
        let signed = state.signed[usize::from(token)];
        for app in apps(system) {
            if signed.revision.is_some_and(|revision| !state.rejects(system, app, signed.sid, revision)) {
                actions.extend((0..=usize::from(system.hears)).map(|but_here| Action::LogoutEverywhere {
                    client,
                    app,
                    but_here: but_here > 0,
                }));
            }
        }
    }
}

fn of_access_tokens(system: &System, state: &State, who: Who, actions: &mut Vec<Action>) {
    for token in state.usable(who).into_iter().filter(|&token| system.confirms(state, token)) {
        actions.extend(apps(system).map(|app| Action::Use { who, token, app }));
    }
}

fn of_tab(system: &System, state: &State, (client, tab): (usize, usize), actions: &mut Vec<Action>) {
    let request = &state.clients[client].tabs[tab];
    match request {
        Request::Asking { .. } => {
            for app in clocks(system) {
                actions.extend([false, true].map(|twice| Action::Refresh { client, tab, app, twice }));
            }
            if system.ends {
                actions.extend(apps(system).map(|app| Action::UserIsGone { client, tab, app }));
            }
        }
        Request::SigningIn { again, .. } => {
            actions.push(Action::Insert { client, lost: false });
            if system.resends && !again {
                actions.push(Action::Insert { client, lost: true });
            }
        }
        Request::Answered(_) => actions.push(Action::Receive { client, tab }),
        Request::None | Request::Ending { .. } | Request::Telling { .. } => {}
    }
    of_request(request, Who::Owner(client, tab), actions);
}

fn of_thief(system: &System, state: &State, actions: &mut Vec<Action>) {
    let thief = &state.thief;
    if thief.tokens.is_empty() && state.clients[0].held.is_some() {
        actions.push(Action::Steal);
    }
    of_access_tokens(system, state, Who::Thief, actions);
    if thief.request == Request::None {
        for &token in &thief.tokens {
            actions.extend(clocks(system).map(|app| Action::Present { token, app }));
        }
    }
    of_request(&thief.request, Who::Thief, actions);
}

fn of_request(request: &Request, who: Who, actions: &mut Vec<Action>) {
    match request {
        Request::None => return,
        Request::Ending { .. } => actions.push(Action::Remove(who)),
        Request::Telling { .. } => actions.push(Action::Tell(who)),
        _ => {}
    }
    actions.push(Action::Lose(who));
}

fn of_apps(system: &System, state: &State, actions: &mut Vec<Action>) {
    // After a failover, an app that restarts knows no more than one that has not received a revocation.
    let restarts = !state.seen.failed_over;
    for app in apps(system) {
        if !state.store.feed.is_within(state.apps[app].heard) {
            actions.push(Action::Hear { app });
        }
        actions.extend(restarts.then_some(Action::Restart { app }));
    }
}
