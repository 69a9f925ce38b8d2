//! The steps of [`JwtAuth::refresh`](crate::JwtAuth::refresh): what an app does with a refresh token.

use uuid::Uuid;

use super::System;
use super::action::Who;
use super::fault::Fault;
use super::request::{Answer, Request, Which};
use super::state::{IDLE, LEEWAY, State, Token, id, ticks, time};
use crate::family::{Family, Rotation, Swap, SwapOutcome, settle};
use crate::owner::Revision;

/// Presents a token to an app. `read` is the family if the app read it earlier. `elevates` is whether the user signs in
/// again with it.
pub(super) fn refresh(
    system: &System,
    state: &mut State,
    who: Who,
    (token, read, elevates): (Token, Option<Box<Family>>, bool),
    app: usize,
    twice: bool,
) -> Option<()> {
    let signed = state.signed[usize::from(token)];
    let clock = system.clock(state.now, app);
    let is_used_up = state.store.is_used_up(system, signed.sid, token);
    if clock >= signed.exp + LEEWAY {
        answer(state, who, token, Answer::Expired);
        state.judge_use(who, token, is_used_up);
        return Some(());
    }
    if state.rejects(system, app, signed.sid, signed.revision?) {
        end_again(state, who, token, app);
        state.judge_use(who, token, is_used_up);
        return Some(());
    }
    let next = id(state.signed.len() as u8);
    let swap = system.ask_for_swap(token, signed.generation, next, clock);
    let swap = if elevates { system.elevate(swap, clock) } else { swap };
    let before = state.store.family(signed.sid).cloned();
    let past_its_end = state.is_past_its_end(signed.sid);
    let heard = state.heard(system, app, signed.sid);
    let (mut swapped, revision) = match read {
        Some(read) => (Fault::write(&mut state.store, *read, &swap), Revision::default()),
        None => state.store.swap(system, signed.sid, &swap, heard),
    };
    if twice {
        let SwapOutcome::Done(_) = swapped else { return None };
        (swapped, _) = state.store.swap(system, signed.sid, &swap, heard);
    }

    let settled = settle(system.read(swapped), &swap, system.reuse_grace());
    match &settled {
        Ok(family) => {
            if elevates {
                state.judge_elevation(signed.sid, clock, family.current != swap.next);
            }
            state.judge_sign_in(family, signed.sid, clock);
        }
        Err(_) => state.judge_no_elevation(before.as_ref(), signed.sid),
    }
    match settled {
        Ok(family) if family.current == swap.next => {
            if state.signed.len() == system.tokens {
                return None;
            }
            let next = state.sign(&family, Some(revision));
            state.judge_pair(who, past_its_end);
            state.seen.took_turn(who);
            answer(state, who, token, Answer::Rotated(next));
        }
        Ok(family) => {
            let next = system.retry(state, &family, revision, time(clock));
            state.seen.handed_out_twice |= system.grace == 0;
            state.judge_pair(who, past_its_end);
            state.seen.was_retried(who);
            answer(state, who, token, Answer::Retried(next));
        }
        Err(Rotation::Reuse) => {
            state.judge_reuse(who, token);
            let which = Which::One(signed.sid);
            let app = if system.hears { app } else { 0 };
            match system.fault {
                Some(Fault::ReuseIsOnlyRefused) => answer(state, who, token, Answer::Reused),
                _ => *state.request(who) = Request::Ending { app, which, reuse: true },
            }
        }
        Err(Rotation::Expired) => answer(state, who, token, Answer::Expired),
        Err(Rotation::Unknown) => answer(state, who, token, Answer::Unknown),
        Err(Rotation::Rotate | Rotation::Retry) => panic!("the store is faulty: {state:?}"),
    }
    state.judge_use(who, token, is_used_up);
    Some(())
}

/// Handles a token whose session was ended, according to the revocations that the app has received. If the store still
/// has the session, it lost its end.
fn end_again(state: &mut State, who: Who, presented: Token, app: usize) {
    let sid = state.signed[usize::from(presented)].sid;
    if state.store.family(sid).is_some() {
        if who != Who::Thief {
            state.judge_refusal(presented);
        }
        *state.request(who) = Request::Ending { app, which: Which::One(sid), reuse: false };
    } else {
        answer(state, who, presented, Answer::Unknown);
    }
}

impl System {
    /// Returns whether a token would get a successor if it were presented.
    pub(super) fn gets_a_successor(&self, family: &Family, token: Token, generation: u32, clock: u8) -> bool {
        let swap = self.ask_for_swap(token, generation, Uuid::max(), clock);
        matches!(self.swap(Some(&mut family.clone()), &swap), SwapOutcome::Done(_))
    }

    fn ask_for_swap(&self, token: Token, generation: u32, next: Uuid, clock: u8) -> Swap {
        let now = time(clock);
        let generation = self.read_generation(generation);
        Swap::new(id(token), generation, next, now, now + ticks(IDLE))
    }
}

fn answer(state: &mut State, who: Who, presented: Token, answer: Answer) {
    if who != Who::Thief {
        if let Answer::Expired | Answer::Unknown = answer {
            state.judge_refusal(presented);
        }
        *state.request(who) = Request::Answered(answer);
    } else if let Some(token) = answer.token()
        && !state.thief.tokens.contains(&token)
    {
        state.thief.tokens.push(token);
        state.thief.tokens.sort_unstable();
    }
}
