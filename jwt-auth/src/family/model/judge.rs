//! The facts about the past that the properties refer to.

use super::action::Who;
use super::elevation::SeenElevations;
use super::request::{Request, Which};
use super::sessions::Sessions;
use super::state::{ABSOLUTE, GRACE, IDLE, SKEW, State, Token, time};

/// How long after the first use of its successor a token still gets that successor again, by every clock.
const IN_TIME: u8 = GRACE - SKEW;

/// How long after the first use of its successor the grace period of a token is over, by every clock.
pub(super) const TOO_LATE: u8 = GRACE + SKEW;

/// Facts that remain true once they are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    /// An honest client was refused although its session had not ended.
    pub(super) wronged: bool,
    /// Without a grace period, a successor was handed out to two requests.
    pub(super) handed_out_twice: bool,
    /// The sessions that were ended, even if a store lost their end.
    pub(super) ended: Sessions,
    /// The sessions that a store lost.
    pub(super) lost: Sessions,
    /// A token that was used up was presented, but its session is not being ended.
    pub(super) unnoticed: bool,
    /// A session handed out a pair after its end.
    pub(super) outlived: bool,
    /// The thief received a pair for a copy of a token.
    pub(super) thief_served: bool,
    /// The store has failed over.
    pub(super) failed_over: bool,
    pub(super) elevations: SeenElevations,
    /// Whether the thief was the last to get a new token.
    thief_is_ahead: bool,
    /// How often the owner and the thief have taken turns at getting one since they last held the same token.
    pub(super) turns: u8,
}

impl State {
    /// Returns whether a session is past its end, by every clock.
    pub(super) fn is_past_its_end(&self, sid: u8) -> bool {
        self.store.past(sid).idle >= IDLE + SKEW || self.age(sid) >= ABSOLUTE + SKEW
    }

    /// Returns whether a session may be past its end by some clock.
    fn may_be_past_its_end(&self, sid: u8) -> bool {
        self.store.past(sid).idle + SKEW >= IDLE || self.age(sid) + SKEW >= ABSOLUTE
    }

    fn age(&self, sid: u8) -> u8 {
        self.now - self.clients[usize::from(sid)].begun.unwrap_or(self.now)
    }

    /// Records that a pair is handed out.
    pub(super) fn judge_pair(&mut self, who: Who, past_its_end: bool) {
        self.seen.outlived |= past_its_end;
        self.seen.thief_served |= who == Who::Thief;
    }

    /// Records that a token was presented, which may have been used up. The state of its request is the outcome.
    pub(super) fn judge_use(&mut self, who: Who, presented: Token, is_used_up: bool) {
        let sid = self.signed[usize::from(presented)].sid;
        let lives = self.store.family(sid).is_some_and(|family| family.is_live(time(self.now + SKEW)));
        let is_noticed = matches!(self.request(who), Request::Ending { which: Which::One(_), .. });
        self.seen.unnoticed |= lives && !is_noticed && is_used_up;
    }

    /// Records that a client or the thief is treated as a thief.
    ///
    /// A client with two tabs is not wronged if one tab's request comes after the grace period and the other tab has
    /// the successor.
    pub(super) fn judge_reuse(&mut self, who: Who, presented: Token) {
        let signed = self.signed[usize::from(presented)];
        let has_successor = self.clients[usize::from(signed.sid)].reached > signed.generation;
        let is_late = has_successor && self.store.grace_began(signed.sid, presented) >= Some(IN_TIME);
        self.seen.wronged |= who != Who::Thief && !is_late && !self.seen.thief_served;
    }

    /// Records that an honest client is refused. That is correct if its session was ended, is past its end, or was lost
    /// by the store.
    pub(super) fn judge_refusal(&mut self, presented: Token) {
        let sid = self.signed[usize::from(presented)].sid;
        let ended = self.seen.ended.has(sid) || self.seen.lost.has(sid) || self.may_be_past_its_end(sid);
        self.seen.wronged |= !ended && !self.seen.thief_served;
    }
}

impl Seen {
    /// Records that the owner and the thief hold the same token, or might.
    pub(super) fn at_one(&mut self) {
        self.turns = 0;
    }

    /// Records that a new token was handed out.
    pub(super) fn took_turn(&mut self, who: Who) {
        let is_thief = who == Who::Thief;
        if self.thief_is_ahead != is_thief {
            self.thief_is_ahead = is_thief;
            self.turns = (self.turns + 1).min(3);
        }
    }

    /// Records that the current token was handed out again. The other party may hold it.
    pub(super) fn was_retried(&mut self, who: Who) {
        if self.thief_is_ahead != (who == Who::Thief) {
            self.at_one();
        }
    }
}
