//! What of the past the properties are about.

use super::action::Who;
use super::request::Request;
use super::state::{ABSOLUTE, GRACE, IDLE, SKEW, State, Token, time};

/// For how long after it first asked with a token a client is in time to ask again.
pub(super) const IN_TIME: u8 = GRACE - SKEW;

/// How long after it was used a token gets nothing more, by every clock.
pub(super) const TOO_LATE: u8 = GRACE + SKEW;

/// What was seen, once and for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    /// An honest client in time was refused, and nobody had ended its session.
    pub(super) wronged: bool,
    /// A token whose grace was over was presented, and its session is not being ended.
    pub(super) unnoticed: bool,
    /// A session gave a pair after its end.
    pub(super) outlived: bool,
    /// A copy of a token got a pair.
    pub(super) thief_served: bool,
    /// The store has failed over.
    pub(super) failed_over: bool,
    /// Whether the thief was the last to get a new token.
    thief_is_ahead: bool,
    /// How often the owner and the thief took turns at that since they were last at one.
    pub(super) turns: u8,
}

impl State {
    /// Whether a session is past its end, by every clock.
    pub(super) fn is_past_its_end(&self, sid: u8) -> bool {
        self.store.idle(sid) >= IDLE + SKEW || self.age(sid) >= ABSOLUTE + SKEW
    }

    /// Whether there is a clock by which a session may be past its end.
    fn may_be_past_its_end(&self, sid: u8) -> bool {
        self.store.idle(sid) + SKEW >= IDLE || self.age(sid) + SKEW >= ABSOLUTE
    }

    fn age(&self, sid: u8) -> u8 {
        self.now - self.clients[usize::from(sid)].begun.unwrap_or(self.now)
    }

    /// Somebody gets a pair.
    pub(super) fn judge_pair(&mut self, who: Who, past_its_end: bool) {
        self.seen.outlived |= past_its_end;
        self.seen.thief_served |= who == Who::Thief;
    }

    /// A token was looked up, and this is what came of it.
    pub(super) fn judge_use(&mut self, who: Who, presented: Token) {
        let family = self.store.family(self.signed[usize::from(presented)].sid);
        let lives = family.is_some_and(|family| family.is_live(time(self.now + SKEW)));
        let noticed = matches!(self.request(who), Request::Ending { reuse: true, .. });
        self.seen.unnoticed |= lives && !noticed && self.store.is_used_up(presented);
    }

    /// Somebody is taken for a thief.
    pub(super) fn judge_reuse(&mut self, who: Who, presented: Token) {
        let in_time = self.signed[usize::from(presented)].asked != Some(IN_TIME);
        self.seen.wronged |= who != Who::Thief && in_time && !self.seen.thief_served;
    }

    /// An honest client is refused. It may be when somebody has ended its session, or that has ended.
    pub(super) fn judge_refusal(&mut self, presented: Token) {
        let sid = self.signed[usize::from(presented)].sid;
        let ended = self.store.revoked.has(sid) || self.may_be_past_its_end(sid);
        self.seen.wronged |= !ended && !self.seen.thief_served;
    }
}

impl Seen {
    /// The owner and the thief hold the same token, or who knows.
    pub(super) fn at_one(&mut self) {
        self.turns = 0;
    }

    /// Somebody got a new token.
    pub(super) fn took_turn(&mut self, who: Who) {
        let is_thief = who == Who::Thief;
        if self.thief_is_ahead != is_thief {
            self.thief_is_ahead = is_thief;
            self.turns = (self.turns + 1).min(3);
        }
    }

    /// Somebody got the current token, which the other may have got before.
    pub(super) fn was_retried(&mut self, who: Who) {
        if self.thief_is_ahead != (who == Who::Thief) {
            self.at_one();
        }
    }
}
