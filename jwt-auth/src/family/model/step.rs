//! The effect of each action.

use super::System;
use super::action::{Action, Who};
use super::confirm::use_access_token;
use super::fault::Fault;
use super::refresh::refresh;
use super::request::{Answer, Request, Which};
use super::revoked::Revoked;
use super::sessions::Sessions;
use super::state::{ACCESS, State};
use crate::owner::Revision;

/// Applies an action to a state. Returns `None` if that exceeds a limit of the system.
pub(super) fn take(system: &System, state: &mut State, action: Action) -> Option<()> {
    match action {
        Action::Tick => tick(state),
        Action::Ask { client, tab } => ask(system, state, client, tab, false)?,
        Action::Elevate { client, tab } => {
            state.may_elevate = false;
            ask(system, state, client, tab, true)?;
        }
        Action::Use { token, app, .. } => use_access_token(system, state, token, app)?,
        Action::Confirm(confirmation) => {
            let now = state.now;
            state.store.confirm(system, confirmation, now);
        }
        Action::Refresh { client, tab, app, twice } => {
            let who = Who::Owner(client, tab);
            let Request::Asking { token, read, elevates } = state.take_request(who) else { return None };
            refresh(system, state, who, (token, read, elevates), app, twice)?;
        }
        Action::Present { token, app } => {
            refresh(system, state, Who::Thief, (token, None, false), app, false)?
        }
        Action::UserIsGone { client, tab, app } => {
            let Request::Asking { token, .. } = state.clients[client].tabs[tab] else { return None };
            let which = Which::One(state.signed[usize::from(token)].sid);
            state.clients[client].tabs[tab] = Request::Ending { app, which, reuse: false };
        }
        Action::Logout { client, app } => {
            let which = Which::One(client as u8);
            state.clients[client].tabs[0] = Request::Ending { app, which, reuse: false };
        }
        Action::LogoutEverywhere { client, app, but_here } => {
            let which = Which::All(client as u8, but_here);
            state.clients[client].tabs[0] = Request::Ending { app, which, reuse: false };
        }
        Action::SignIn { client, app } => sign_in(system, state, client, app)?,
        Action::Insert { client, lost } => insert(system, state, client, lost),
        Action::Remove(who) => remove(system, state, who)?,
        Action::Tell(who) => tell(system, state, who),
        Action::Receive { client, tab } => receive(system, state, client, tab),
        Action::Lose(who) => *state.request(who) = Request::None,
        Action::Steal => {
            state.thief.tokens.extend(state.clients[0].held);
            state.seen.at_one();
        }
        Action::Hear { app } => {
            let feed = state.store.feed;
            state.hear(system, app, feed);
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
}

fn ask(system: &System, state: &mut State, client: usize, tab: usize, elevates: bool) -> Option<()> {
    let token = state.clients[client].held?;
    let sid = state.signed[usize::from(token)].sid;
    let read = (system.fault == Some(Fault::ReadsThenWrites)).then(|| state.store.family(sid).cloned());
    state.clients[client].tabs[tab] = Request::Asking { token, read: read.flatten().map(Box::new), elevates };
    Some(())
}

fn sign_in(system: &System, state: &mut State, client: usize, app: usize) -> Option<()> {
    if state.signed.len() == system.tokens {
        return None;
    }
    let family = Box::new(state.begin(system, client, app));
    state.clients[client].tabs[0] = Request::SigningIn { app, family, again: false };
    Some(())
}

fn insert(system: &System, state: &mut State, client: usize, lost: bool) {
    let Request::SigningIn { app, family, .. } = state.take_request(Who::Owner(client, 0)) else { return };
    let heard = state.heard(system, app, client as u8);
    let (dropped, revision) = state.store.insert(system, &family, family.created_at, heard);
    let token = state.sign(&family, Some(revision));
    state.clients[client].tabs[0] = if lost {
        Request::SigningIn { app, family, again: true }
    } else {
        state.hear(system, app, Revoked::sessions(dropped));
        Request::Answered(Answer::SignedIn(token))
    };
}

fn remove(system: &System, state: &mut State, who: Who) -> Option<()> {
    let Request::Ending { app, which, .. } = *state.request(who) else { return None };
    let (ended, revoked) = match which {
        Which::One(sid) => (Sessions::one(sid), state.store.remove(system, sid)),
        Which::All(sid, but_here) => {
            let (begun, heard) = (state.begun(), state.heard(system, app, sid));
            let last = state.store.revision(system.owner(sid)).max(heard);
            if last >= Revision::from_u64(system.revisions) {
                return None;
            }
            state.store.remove_all(system, (sid, but_here), begun, heard)
        }
    };
    *state.request(who) = Request::Telling { app, ended, revoked };
    if !system.hears {
        tell(system, state, who);
    }
    Some(())
}

fn tell(system: &System, state: &mut State, who: Who) {
    let Request::Telling { app, ended, revoked } = state.take_request(who) else { return };
    if system.fault == Some(Fault::TellsLater) {
        state.store.feed.add(revoked);
    }
    state.hear(system, app, revoked);
    state.seen.ended.add(ended);
    if system.hears {
        state.apps[app].told.add(ended);
    }
    if let Who::Owner(client, _) = who
        && ended.has(client as u8)
    {
        state.clients[client].held = None;
    }
}

fn receive(system: &System, state: &mut State, client: usize, tab: usize) {
    let Request::Answered(answer) = state.clients[client].tabs[tab] else { return };
    state.clients[client].tabs[tab] = Request::None;
    let token = answer.token();
    if state.clients[client].held == token {
        return;
    }
    if let Some(token) = token
        && system.fault == Some(Fault::ReadsTheRevisionLater)
    {
        let owner = system.owner(client as u8);
        state.signed[usize::from(token)].revision = Some(state.store.revision(owner));
    }
    let generation = token.map_or(0, |token| state.signed[usize::from(token)].generation);
    let client = &mut state.clients[client];
    client.held = token;
    // A client that fell back to an older token immediately asks again with it.
    client.got = if generation < client.reached { ACCESS } else { 0 };
    client.reached = client.reached.max(generation);
}

fn restart(state: &mut State, app: usize) {
    state.apps[app].heard = state.store.feed;
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
    let begun = state.begun();
    state.store = state.replica.take()?;
    let lost = begun.without(state.store.sids());
    state.seen.lost.add(lost);
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
}
