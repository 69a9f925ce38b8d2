//! What each action does.

use super::System;
use super::action::{Action, Who};
use super::fault::Fault;
use super::judge::IN_TIME;
use super::refresh::refresh;
use super::request::{Answer, Request, Which};
use super::state::{ACCESS, Sessions, State, number};

/// Changes the state by an action. None, when that leads beyond what is followed.
pub(super) fn take(system: &System, state: &mut State, action: Action) -> Option<()> {
    match action {
        Action::Tick => tick(state),
        Action::Ask { client, tab } => ask(system, state, client, tab)?,
        Action::Refresh { client, tab, app, twice } => {
            let who = Who::Owner(client, tab);
            let Request::Asking { token, read } = state.take_request(who) else { return None };
            refresh(system, state, who, (token, read), app, twice)?;
        }
        Action::Present { token, app } => refresh(system, state, Who::Thief, (token, None), app, false)?,
        Action::UserIsGone { client, tab, app } => {
            let Request::Asking { token, .. } = state.clients[client].tabs[tab] else { return None };
            let which = Which::One(state.signed[usize::from(token)].sid);
            state.clients[client].tabs[tab] = Request::Ending { app, which, reuse: false };
        }
        Action::Logout { client, app } => {
            let which = Which::One(client as u8);
            state.clients[client].tabs[0] = Request::Ending { app, which, reuse: false };
        }
        Action::LogoutEverywhere { client, app } => {
            state.clients[client].tabs[0] = Request::Ending { app, which: Which::All, reuse: false };
        }
        Action::SignIn { client, app } => sign_in(system, state, client, app)?,
        Action::Insert { client, lost } => insert(system, state, client, lost),
        Action::Remove(who) => remove(system, state, who),
        Action::Tell(who) => tell(system, state, who),
        Action::Receive { client, tab } => receive(state, client, tab),
        Action::Lose(who) => *state.request(who) = Request::None,
        Action::Steal => {
            state.thief.tokens.extend(state.clients[0].held);
            state.seen.at_one();
        }
        Action::Hear { app } => {
            let feed = state.store.feed;
            state.apps[app].refuses.add(feed);
        }
        Action::Restart { app } => restart(state, app),
        Action::Copy => state.replica = Some(state.store.clone()),
        Action::FailOver => fail_over(state)?,
    }
    Some(())
}

fn tick(state: &mut State) {
    state.now += 1;
    state.store.tick();
    if let Some(replica) = &mut state.replica {
        replica.tick();
    }
    for client in &mut state.clients {
        client.got = (client.got + 1).min(ACCESS);
    }
    for asked in state.signed.iter_mut().filter_map(|signed| signed.asked.as_mut()) {
        *asked = (*asked + 1).min(IN_TIME);
    }
}

fn ask(system: &System, state: &mut State, client: usize, tab: usize) -> Option<()> {
    let token = state.clients[client].held?;
    let signed = &mut state.signed[usize::from(token)];
    signed.asked.get_or_insert(0);
    let read =
        (system.fault == Some(Fault::ReadsThenWrites)).then(|| state.store.family(signed.sid).cloned());
    state.clients[client].tabs[tab] = Request::Asking { token, read: read.flatten().map(Box::new) };
    Some(())
}

fn sign_in(system: &System, state: &mut State, client: usize, app: usize) -> Option<()> {
    if state.signed.len() == system.tokens {
        return None;
    }
    let family = Box::new(state.begin(client, app));
    state.clients[client].tabs[0] = Request::SigningIn { app, family, again: false };
    Some(())
}

fn insert(system: &System, state: &mut State, client: usize, lost: bool) {
    let Request::SigningIn { app, family, .. } = state.take_request(Who::Owner(client, 0)) else { return };
    let dropped = state.store.insert(&family, family.created_at, system.max_sessions);
    state.clients[client].tabs[0] = if lost {
        Request::SigningIn { app, family, again: true }
    } else {
        state.refuse(system, app, dropped);
        Request::Answered(Answer::SignedIn(number(family.current)))
    };
}

fn remove(system: &System, state: &mut State, who: Who) {
    let Request::Ending { app, which, .. } = *state.request(who) else { return };
    let ended = match which {
        Which::One(sid) => state.store.remove(sid, system),
        Which::All => state.store.remove_all(),
    };
    *state.request(who) = Request::Telling { app, ended };
    if !system.hears {
        tell(system, state, who);
    }
}

fn tell(system: &System, state: &mut State, who: Who) {
    let Request::Telling { app, ended } = *state.request(who) else { return };
    if system.fault == Some(Fault::TellsLater) {
        state.store.feed.add(ended);
    }
    state.refuse(system, app, ended);
    if system.hears {
        state.apps[app].told.add(ended);
    }
    *state.request(who) = Request::None;
    if let Who::Owner(client, _) = who {
        state.clients[client].held = None;
    }
}

fn receive(state: &mut State, client: usize, tab: usize) {
    let Request::Answered(answer) = state.clients[client].tabs[tab] else { return };
    let client = &mut state.clients[client];
    client.tabs[tab] = Request::None;
    if client.held != answer.token() {
        client.held = answer.token();
        client.got = 0;
    }
}

fn restart(state: &mut State, app: usize) {
    state.apps[app].refuses = state.store.feed;
    let tabs = state.clients.iter_mut().flat_map(|client| &mut client.tabs);
    for request in tabs.chain([&mut state.thief.request]) {
        let (Request::SigningIn { app: at, .. }
        | Request::Ending { app: at, .. }
        | Request::Telling { app: at, .. }) = request
        else {
            continue;
        };
        if *at == app {
            *request = Request::None;
        }
    }
}

fn fail_over(state: &mut State) -> Option<()> {
    state.store = state.replica.take()?;
    state.failovers -= 1;
    state.seen.failed_over = true;
    state.seen.at_one();
    Some(())
}

impl State {
    pub(super) fn request(&mut self, who: Who) -> &mut Request {
        match who {
            Who::Owner(client, tab) => &mut self.clients[client].tabs[tab],
            Who::Thief => &mut self.thief.request,
        }
    }

    fn take_request(&mut self, who: Who) -> Request {
        std::mem::replace(self.request(who), Request::None)
    }

    /// Notes that an app refuses access tokens.
    fn refuse(&mut self, system: &System, app: usize, sessions: Sessions) {
        if system.hears {
            self.apps[app].refuses.add(sessions);
        }
    }
}
