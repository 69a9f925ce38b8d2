//! Tests of `compare_and_swap` and `confirm`.

use rocket::futures::future::join_all;
use uuid::Uuid;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::family::{Device, Family, PreviousToken, Swap, SwapOutcome};
use crate::owner::Owner;

impl Suite {
    pub(super) async fn only_the_current_token_is_swapped(&self, owner: &Owner) {
        let family = self.family();
        self.insert(owner, &family).await;

        let stranger = self.swap(Uuid::new_v4());
        let refused = self.compare_and_swap(owner, family.sid, &stranger).await;
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
        let done = self.compare_and_swap(owner, family.sid, &swap).await;
        assert_same(done, SwapOutcome::Done(next.clone()), "the current token is swapped");
        assert_eq!(self.list(owner).await, [next.clone()], "a swap is stored");

        let again = self.compare_and_swap(owner, family.sid, &swap).await;
        assert_same(again, SwapOutcome::Refused(Some(next)), "a token is swapped only once");
        let elsewhere = self.compare_and_swap(owner, Uuid::new_v4(), &swap).await;
        assert_same(elsewhere, SwapOutcome::Refused(None), "a swap does not create a family");
        self.remove(owner, family.sid).await;
    }

    pub(super) async fn a_lost_swap_is_recovered(&self, owner: &Owner) {
        let family = Family { generation: 4, ..self.family() };
        self.insert(owner, &family).await;
        let of_generation = |generation| Swap { generation, ..self.swap(Uuid::new_v4()) };

        for generation in [0, 3, 4] {
            let refused = self.compare_and_swap(owner, family.sid, &of_generation(generation)).await;
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
            let done = self.compare_and_swap(owner, family.sid, &swap).await;
            assert_same(done, SwapOutcome::Done(next), "a token of a later generation is swapped");
        }
        self.remove(owner, family.sid).await;
    }

    pub(super) async fn only_the_current_generation_is_confirmed_until_the_next_swap(&self, owner: &Owner) {
        let family = Family { generation: 4, ..self.family() };
        self.insert(owner, &family).await;
        for generation in [0, 3, 5, u32::MAX] {
            self.confirm(owner, family.sid, generation, self.now).await;
            assert_eq!(
                self.find(owner, family.sid).await,
                Some(family.clone()),
                "an earlier or later generation does not confirm the current one"
            );
        }
        let confirmed = Family { confirmed: true, ..family.clone() };
        for _ in 0..2 {
            self.confirm(owner, family.sid, 4, self.now).await;
            let found = self.find(owner, family.sid).await;
            assert_eq!(found, Some(confirmed.clone()), "the current generation is confirmed");
        }
        let refused = self.compare_and_swap(owner, family.sid, &self.swap(Uuid::new_v4())).await;
        assert_same(
            refused,
            SwapOutcome::Refused(Some(confirmed)),
            "a refused swap returns the confirmation",
        );

        let swap = Swap { generation: 4, ..self.swap(family.current) };
        let SwapOutcome::Done(next) = self.compare_and_swap(owner, family.sid, &swap).await else {
            panic!("the current token is swapped");
        };
        assert!(!next.confirmed, "a swap resets the confirmation");
        self.confirm(owner, family.sid, 4, self.now).await;
        let found = self.find(owner, family.sid).await.expect("the family exists");
        assert!(!found.confirmed, "a late confirmation of the previous generation does not confirm this one");

        for (now, starts) in [(self.now + HOUR, self.now + HOUR), (self.now + 2 * HOUR, self.now + HOUR)] {
            self.confirm(owner, family.sid, 5, now).await;
            let found = self.find(owner, family.sid).await.expect("the family exists");
            assert_eq!(
                found.previous,
                Some(PreviousToken::new(family.current, starts)),
                "only the first confirmation starts the grace period"
            );
        }

        self.confirm(owner, Uuid::new_v4(), 0, self.now).await;
        assert_eq!(self.list(owner).await.len(), 1, "`confirm` does not create a family");
        self.remove(owner, family.sid).await;
    }

    pub(super) async fn a_swap_does_not_move_the_absolute_end(&self, owner: &Owner) {
        let family = Family { absolute_end: self.now + HOUR, idle_end: self.now + HOUR / 2, ..self.family() };
        self.insert(owner, &family).await;
        let swap = Swap { idle_end: self.now + 2 * HOUR, ..self.swap(family.current) };
        match self.compare_and_swap(owner, family.sid, &swap).await {
            SwapOutcome::Done(swapped) => {
                assert_eq!(
                    swapped.absolute_end, family.absolute_end,
                    "a swap does not change the absolute end"
                );
                assert_eq!(
                    swapped.idle_end, family.absolute_end,
                    "the idle end is never after the absolute end"
                );
                assert_eq!(
                    swapped.created_at, family.created_at,
                    "a swap does not change the time of the login"
                );
            }
            refused => panic!("the current token was not swapped: {refused:?}"),
        }
        self.remove(owner, family.sid).await;
    }

    pub(super) async fn an_ended_family_is_not_swapped(&self, owner: &Owner) {
        for (idle, absolute) in [(self.now, self.now + HOUR), (self.now + HOUR, self.now)] {
            let family = Family { idle_end: idle, absolute_end: absolute, ..self.family() };
            let before = Timestamp::from_millis(self.now.as_millis() - HOUR.as_millis() as u64);
            self.insert_at(owner, &family, before, MANY).await;
            match self.compare_and_swap(owner, family.sid, &self.swap(family.current)).await {
                SwapOutcome::Refused(_) => {}
                done => panic!("a token of an ended family was swapped: {done:?}"),
            }
            self.remove(owner, family.sid).await;
        }
    }

    pub(super) async fn a_removed_family_is_not_swapped(&self, owner: &Owner) {
        let [one, other] = [self.family(), self.family()];
        self.insert(owner, &one).await;
        self.insert(owner, &other).await;
        self.remove(owner, one.sid).await;
        let refused = self.compare_and_swap(owner, one.sid, &self.swap(one.current)).await;
        assert_same(refused, SwapOutcome::Refused(None), "a token of a removed family is not swapped");
        assert_eq!(
            self.list(owner).await,
            std::slice::from_ref(&other),
            "a removed family does not come back"
        );
        self.remove(owner, other.sid).await;
    }

    pub(super) async fn a_family_without_a_refresh_token_is_not_swapped(&self, owner: &Owner) {
        let family = Family { current: Uuid::nil(), ..self.family() };
        self.insert(owner, &family).await;
        for (presented, generation) in [(Uuid::nil(), 0), (Uuid::nil(), 1), (Uuid::new_v4(), u32::MAX)] {
            let swap = Swap { generation, ..self.swap(presented) };
            let refused = self.compare_and_swap(owner, family.sid, &swap).await;
            assert_same(
                refused,
                SwapOutcome::Refused(Some(family.clone())),
                "a family without a refresh token is never swapped",
            );
        }
        self.remove(owner, family.sid).await;
    }

    pub(super) async fn one_of_many_concurrent_swaps_succeeds(&self, owner: &Owner) {
        let family = self.family();
        self.insert(owner, &family).await;
        let racers = (0..20).map(|_| async {
            let swap = self.swap(family.current);
            (swap.next, self.compare_and_swap(owner, family.sid, &swap).await)
        });
        let answers = join_all(racers).await;
        let winners: Vec<Uuid> = answers
            .iter()
            .filter(|(_, answer)| matches!(answer, SwapOutcome::Done(_)))
            .map(|(next, _)| *next)
            .collect();
        assert_eq!(winners.len(), 1, "exactly one of twenty concurrent swaps of a token succeeds");
        for (_, answer) in &answers {
            let (SwapOutcome::Done(family) | SwapOutcome::Refused(Some(family))) = answer else {
                panic!("the family does not exist: {answer:?}");
            };
            assert_eq!(family.current, winners[0], "every caller gets the token of the winner");
        }
        self.remove(owner, family.sid).await;
    }
}

/// Compares two outcomes, without the device, which a swap may leave out.
fn assert_same(mut answer: SwapOutcome, expected: SwapOutcome, what: &str) {
    if let SwapOutcome::Done(family) | SwapOutcome::Refused(Some(family)) = &mut answer {
        family.device = Device::default();
    }
    assert_eq!(answer, expected, "{what}");
}
