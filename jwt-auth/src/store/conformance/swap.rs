//! Swapping: the one step that a refresh takes.

use rocket::futures::future::join_all;
use uuid::Uuid;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::family::{Device, Family, PreviousToken, Swap, SwapOutcome};

impl Suite {
    pub(super) async fn a_swap_is_done_for_the_current_token_alone(&self, subject: &str) {
        let family = self.family();
        self.insert(subject, &family).await;

        let stranger = self.swap(Uuid::new_v4());
        let refused = self.compare_and_swap(subject, family.sid, &stranger).await;
        assert_same(
            refused,
            SwapOutcome::Refused(Some(family.clone())),
            "a token that is not current is refused",
        );

        let swap = self.swap(family.current);
        let mut next = family.clone();
        next.previous = Some(PreviousToken { id: family.current, replaced_at: swap.now });
        next.current = swap.next;
        next.generation = 1;
        next.idle_end = swap.idle_end;
        let done = self.compare_and_swap(subject, family.sid, &swap).await;
        assert_same(done, SwapOutcome::Done(next.clone()), "the current token is swapped");
        assert_eq!(self.list(subject).await, [next.clone()], "a swap is there to stay");

        let again = self.compare_and_swap(subject, family.sid, &swap).await;
        assert_same(again, SwapOutcome::Refused(Some(next)), "a token is swapped once");
        let elsewhere = self.compare_and_swap(subject, Uuid::new_v4(), &swap).await;
        assert_same(elsewhere, SwapOutcome::Refused(None), "a family that is not there is not made");
        self.remove(subject, family.sid).await;
    }

    pub(super) async fn a_swap_that_was_forgotten_is_made_good(&self, subject: &str) {
        let family = Family { generation: 4, ..self.family() };
        self.insert(subject, &family).await;
        let of_generation = |generation| Swap { generation, ..self.swap(Uuid::new_v4()) };

        for generation in [0, 3, 4] {
            let refused = self.compare_and_swap(subject, family.sid, &of_generation(generation)).await;
            assert_same(
                refused,
                SwapOutcome::Refused(Some(family.clone())),
                "a token that is neither current nor of a later generation is refused",
            );
        }
        for (generation, expected) in [(7, 8), (u32::MAX, u32::MAX)] {
            let swap = of_generation(generation);
            let mut next = family.clone();
            next.previous = Some(PreviousToken { id: swap.presented, replaced_at: swap.now });
            next.current = swap.next;
            next.generation = expected;
            next.idle_end = swap.idle_end;
            let done = self.compare_and_swap(subject, family.sid, &swap).await;
            assert_same(done, SwapOutcome::Done(next), "a token of a later generation is swapped");
        }
        self.remove(subject, family.sid).await;
    }

    pub(super) async fn a_swap_does_not_move_the_absolute_end(&self, subject: &str) {
        let family = Family { absolute_end: self.now + HOUR, idle_end: self.now + HOUR / 2, ..self.family() };
        self.insert(subject, &family).await;
        let swap = Swap { idle_end: self.now + 2 * HOUR, ..self.swap(family.current) };
        match self.compare_and_swap(subject, family.sid, &swap).await {
            SwapOutcome::Done(swapped) => {
                assert_eq!(swapped.absolute_end, family.absolute_end, "a swap leaves the absolute end");
                assert_eq!(swapped.idle_end, family.absolute_end, "the idle end stops at the absolute end");
                assert_eq!(swapped.created_at, family.created_at, "a swap leaves the time of the login");
            }
            refused => panic!("the current token is swapped, but: {refused:?}"),
        }
        self.remove(subject, family.sid).await;
    }

    pub(super) async fn an_ended_family_is_not_swapped(&self, subject: &str) {
        for (idle, absolute) in [(self.now, self.now + HOUR), (self.now + HOUR, self.now)] {
            let family = Family { idle_end: idle, absolute_end: absolute, ..self.family() };
            let before = Timestamp::from_millis(self.now.as_millis() - HOUR.as_millis() as u64);
            self.store.insert(subject, &family, before, MANY).await.expect("the store works");
            match self.compare_and_swap(subject, family.sid, &self.swap(family.current)).await {
                SwapOutcome::Refused(_) => {}
                done => panic!("a family that ends now is not swapped, but: {done:?}"),
            }
            self.remove(subject, family.sid).await;
        }
    }

    pub(super) async fn a_removed_family_is_not_swapped(&self, subject: &str) {
        let [one, other] = [self.family(), self.family()];
        self.insert(subject, &one).await;
        self.insert(subject, &other).await;
        self.remove(subject, one.sid).await;
        let refused = self.compare_and_swap(subject, one.sid, &self.swap(one.current)).await;
        assert_same(refused, SwapOutcome::Refused(None), "a family that was removed is not swapped");
        assert_eq!(self.list(subject).await, std::slice::from_ref(&other), "and does not come back");
        self.remove(subject, other.sid).await;
    }

    pub(super) async fn of_many_swaps_at_once_one_is_done(&self, subject: &str) {
        let family = self.family();
        self.insert(subject, &family).await;
        let racers = (0..20).map(|_| async {
            let swap = self.swap(family.current);
            (swap.next, self.compare_and_swap(subject, family.sid, &swap).await)
        });
        let answers = join_all(racers).await;
        let winners: Vec<Uuid> = answers
            .iter()
            .filter(|(_, answer)| matches!(answer, SwapOutcome::Done(_)))
            .map(|(next, _)| *next)
            .collect();
        assert_eq!(winners.len(), 1, "of twenty swaps of one token, one is done");
        for (_, answer) in &answers {
            let (SwapOutcome::Done(family) | SwapOutcome::Refused(Some(family))) = answer else {
                panic!("a family that is raced for is there, but: {answer:?}");
            };
            assert_eq!(family.current, winners[0], "everybody hears of the winner");
        }
        self.remove(subject, family.sid).await;
    }
}

/// A swap need not tell of the device.
fn assert_same(mut answer: SwapOutcome, expected: SwapOutcome, what: &str) {
    if let SwapOutcome::Done(family) | SwapOutcome::Refused(Some(family)) = &mut answer {
        family.device = Device::default();
    }
    assert_eq!(answer, expected, "{what}");
}
