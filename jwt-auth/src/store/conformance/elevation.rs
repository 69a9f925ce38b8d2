//! Tests of the elevations that `compare_and_swap` records.

use uuid::Uuid;

use super::{HOUR, Suite};
use crate::clock::Timestamp;
use crate::family::{Elevation, Family, Swap, SwapOutcome};
use crate::owner::Owner;

impl Suite {
    pub(super) async fn a_swap_records_an_elevation(&self, owner: &Owner) {
        let other = self.family();
        let family = self.family();
        self.insert(owner, &other).await;
        self.insert(owner, &family).await;
        let longest = "x".repeat(Elevation::LONGEST_ACR);
        let mut presented = family.current;
        for (generation, acr, until) in [
            (0, Some("mfa".to_owned()), self.now + HOUR),
            (1, None, self.now + HOUR),
            (2, Some(longest), Timestamp::MAX),
        ] {
            let elevation = Elevation::new(self.now, until, acr);
            let swap = Swap { generation, ..self.swap(presented) };
            let elevating = swap.clone().with_elevation(elevation.clone(), HOUR);
            let done = self.compare_and_swap(owner, family.sid, &elevating).await;
            assert_eq!(elevation_in(&done), Some(&elevation), "a swap returns the elevation that it records");
            assert!(matches!(done, SwapOutcome::Done(_)), "a swap with an elevation replaces the token");
            self.assert_elevation(owner, family.sid, Some(&elevation), "an elevation is stored").await;
            presented = swap.next;
        }

        let kept = self.find(owner, family.sid).await.and_then(|family| family.elevation);
        for swap in [Swap { generation: 3, ..self.swap(presented) }, self.swap(Uuid::new_v4())] {
            let outcome = self.compare_and_swap(owner, family.sid, &swap).await;
            assert_eq!(elevation_in(&outcome), kept.as_ref(), "every swap returns the elevation");
            self.assert_elevation(owner, family.sid, kept.as_ref(), "a swap without an elevation keeps it")
                .await;
        }
        self.assert_elevation(owner, other.sid, None, "an elevation concerns one family").await;

        self.remove(owner, family.sid).await;
        self.insert(owner, &family).await;
        self.assert_elevation(owner, family.sid, None, "a removed family leaves no elevation behind").await;

        let elevation = Some(Elevation::new(self.now, self.now + HOUR, Some("mfa".to_owned())));
        let begins = Family { elevation: elevation.clone(), ..self.family() };
        self.insert(owner, &begins).await;
        self.assert_elevation(owner, begins.sid, elevation.as_ref(), "a family may begin with an elevation")
            .await;
        self.remove_all(owner).await;
    }

    pub(super) async fn only_a_token_that_gets_a_successor_records_an_elevation(&self, owner: &Owner) {
        let elevation = Elevation::new(self.now, self.now + HOUR, Some("mfa".to_owned()));
        let what = "only a token that gets a successor records an elevation";
        // confirmed, how long ago the token was replaced, the grace period in hours, and whether it gets its successor
        for (confirmed, hours, grace, gets_it) in [
            (false, 0, 1, true),
            (false, 5, 1, true),
            (true, 0, 1, true),
            (true, 1, 1, false),
            (true, 5, 6, true),
            (true, 0, 0, false),
            (false, 0, 0, false),
        ] {
            let family = self.family();
            self.insert(owner, &family).await;
            self.compare_and_swap(owner, family.sid, &self.swap(family.current)).await;
            if confirmed {
                self.confirm(owner, family.sid, 1, self.now).await;
            }
            let of = |presented| {
                let swap = Swap { now: self.now + hours * HOUR, ..self.swap(presented) };
                swap.with_elevation(elevation.clone(), grace * HOUR)
            };
            for stranger in [Uuid::new_v4(), Uuid::nil()] {
                self.compare_and_swap(owner, family.sid, &of(stranger)).await;
                self.assert_elevation(owner, family.sid, None, what).await;
            }
            let refused = self.compare_and_swap(owner, family.sid, &of(family.current)).await;
            assert!(matches!(refused, SwapOutcome::Refused(Some(_))), "a replaced token is refused");
            let expected = Some(&elevation).filter(|_| gets_it);
            assert_eq!(elevation_in(&refused), expected, "a refused swap returns the elevation");
            self.assert_elevation(owner, family.sid, expected, what).await;
            self.remove(owner, family.sid).await;
        }

        let first = self.family();
        self.insert(owner, &first).await;
        for presented in [Uuid::nil(), Uuid::new_v4()] {
            let swap = self.swap(presented).with_elevation(elevation.clone(), HOUR);
            self.compare_and_swap(owner, first.sid, &swap).await;
            self.assert_elevation(owner, first.sid, None, what).await;
        }
        let late = Swap { now: self.now + 20 * HOUR, ..self.swap(first.current) };
        let late = late.with_elevation(elevation.clone(), HOUR);
        self.compare_and_swap(owner, first.sid, &late).await;
        self.assert_elevation(owner, first.sid, None, "an ended family is not elevated").await;
        self.remove(owner, first.sid).await;

        let none = Family { current: Uuid::nil(), ..self.family() };
        self.insert(owner, &none).await;
        let swap = Swap { generation: 1, ..self.swap(Uuid::nil()) }.with_elevation(elevation, HOUR);
        self.compare_and_swap(owner, none.sid, &swap).await;
        self.assert_elevation(owner, none.sid, None, "a family without a refresh token is not elevated")
            .await;
        self.remove(owner, none.sid).await;
    }

    async fn assert_elevation(&self, owner: &Owner, sid: Uuid, expected: Option<&Elevation>, what: &str) {
        let found = self.find(owner, sid).await.expect("the family exists");
        assert_eq!(found.elevation.as_ref(), expected, "{what}");
        let listed = self.list(owner).await.into_iter().find(|family| family.sid == sid);
        assert_eq!(listed.expect("the family is listed").elevation.as_ref(), expected, "{what}");
    }
}

fn elevation_in(outcome: &SwapOutcome) -> Option<&Elevation> {
    match outcome {
        SwapOutcome::Done(family) | SwapOutcome::Refused(Some(family)) => family.elevation.as_ref(),
        SwapOutcome::Refused(None) => None,
    }
}
