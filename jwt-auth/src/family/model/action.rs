//! What can happen next.

use super::System;
use super::request::Request;
use super::state::{ACCESS, State, Token};

/// One step. What happens in one is atomic; between two of them anything else can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    /// A tick passes.
    Tick,
    /// A tab asks for a refresh: the access token has expired, or an earlier request had no answer.
    Ask {
        client: usize,
        tab: usize,
    },
    /// An app carries out a refresh that was asked for. `twice`: the connection to the store broke, and
    /// the swap was sent again.
    Refresh {
        client: usize,
        tab: usize,
        app: usize,
        twice: bool,
    },
    /// An app's loader knows no such user.
    UserIsGone {
        client: usize,
        tab: usize,
        app: usize,
    },
    Logout {
        client: usize,
        app: usize,
    },
    LogoutEverywhere {
        client: usize,
        app: usize,
    },
    SignIn {
        client: usize,
        app: usize,
    },
    /// The store inserts a family. `lost`: the connection broke before the answer, and the app sends it
    /// again.
    Insert {
        client: usize,
        lost: bool,
    },
    /// The store ends what an app wants ended.
    Remove(Who),
    /// The app hears that the store has done so, and answers.
    Tell(Who),
    /// An app's answer arrives.
    Receive {
        client: usize,
        tab: usize,
    },
    /// Nothing more comes of a request: a message was lost, or the store's answer, or the app died.
    Lose(Who),
    /// The thief copies what the first client holds.
    Steal,
    /// The thief presents a token, and gets the answer.
    Present {
        token: Token,
        app: usize,
    },
    /// An app hears what the feed tells.
    Hear {
        app: usize,
    },
    /// An app dies, and starts again with what the feed tells.
    Restart {
        app: usize,
    },
    /// A copy of the store is taken. What is written from now on is not in it.
    Copy,
    /// The store dies, and the copy takes its place.
    FailOver,
}

/// Whose request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// Of a client, and its tab.
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
    if system.hears {
        of_apps(system, state, actions);
    }
    match &state.replica {
        None if state.failovers > 0 => actions.push(Action::Copy),
        Some(replica) if *replica != state.store => actions.push(Action::FailOver),
        _ => {}
    }
}

/// Whether there is no session any more, nor anything under way that could bring one.
fn is_over(state: &State) -> bool {
    let replica = state.replica.iter().any(|replica| !replica.families.is_empty());
    let to_come = state.clients.iter().any(|client| client.begun.is_none());
    let under_way = state.requests().any(|request| *request != Request::None);
    state.store.families.is_empty() && !replica && !to_come && !under_way
}

/// The apps that a request may come to, where their clocks matter.
fn clocks(system: &System) -> impl Iterator<Item = usize> + use<> {
    0..=usize::from(system.skew)
}

/// The apps that a request may come to, where it matters which one it is.
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
    if it.got == ACCESS || state.signed[usize::from(token)].asked.is_some() {
        actions.push(Action::Ask { client, tab: 0 });
    }
    if system.ends {
        for app in apps(system) {
            actions.push(Action::Logout { client, app });
            if system.second_client {
                actions.push(Action::LogoutEverywhere { client, app });
            }
        }
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
    for app in apps(system) {
        if !state.store.feed.is_within(state.apps[app].refuses) {
            actions.push(Action::Hear { app });
        }
        actions.push(Action::Restart { app });
    }
}
