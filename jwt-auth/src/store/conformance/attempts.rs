//! Tests of a store's attempts to sign in, if it has them. They compare it with [`Attempts`], which defines each operation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::config::Budget;
use crate::store::AttemptStore;
use crate::throttle::{Account, Attempt, AttemptLimits, Attempts, Network, Reservation};

/// An account in the store, and what the store should have of it.
struct Compared {
    store: Arc<dyn AttemptStore>,
    expected: Attempts,
    account: Account,
    limits: AttemptLimits,
    now: Timestamp,
}

impl Suite {
    pub(super) async fn attempts_are_limited_as_defined(&self) {
        let Some(store) = self.store.attempts() else { return };
        self.one_network_has_a_budget(&store).await;
        self.new_networks_share_a_budget(&store).await;
        self.known_networks_are_never_displaced(&store).await;
        self.names_do_not_displace_each_other(&store).await;
        self.a_budget_may_be_missing(&store).await;
        self.attempts_at_once_are_limited(&store).await;
    }

    async fn one_network_has_a_budget(&self, store: &Arc<dyn AttemptStore>) {
        let mut account = self.compared(store, "one network");
        let home = v4(1);
        for _ in 0..5 {
            account.reserve(home).await;
        }
        // It becomes available evenly, and is not more than full.
        for pause in [10, 10, 19, 1, 60, 3_600] {
            account.now = account.now + Duration::from_secs(pause);
            for _ in 0..4 {
                account.reserve(home).await;
            }
        }
        account.now = account.now + HOUR;
        for signed_in in [false, true, false] {
            for _ in 0..3 {
                account.reserve(home).await;
            }
            account.give_back(home, false, signed_in).await;
            account.give_back(home, true, signed_in).await;
        }
        // The clock of another process is behind.
        account.now = account.now.before(Duration::from_secs(30));
        account.reserve(home).await;
    }

    async fn new_networks_share_a_budget(&self, store: &Arc<dyn AttemptStore>) {
        let mut account = self.compared(store, "new networks");
        let [home, work] = [v4(1), v6(1)];
        for network in [home, work] {
            account.reserve(network).await;
            account.give_back(network, false, true).await;
        }
        for number in 2..12 {
            account.reserve(v4(number)).await;
            account.reserve(v6(number.into())).await;
        }
        for network in [home, work, Network::UNKNOWN] {
            account.reserve(network).await;
        }
        for _ in 0..5 {
            account.reserve(home).await;
            account.reserve(work).await;
        }
        account.now = account.now + account.limits.remember;
        for number in 0..6 {
            account.reserve(v4(number)).await;
        }
    }

    async fn names_do_not_displace_each_other(&self, store: &Arc<dyn AttemptStore>) {
        let mut ann = self.compared(store, "ann");
        ann.limits = AttemptLimits::new(budget(2, 1_000), budget(1_000, 1_000), 100 * HOUR);
        let names = [ann.account, Account::new(None, None, &format!("\u{e4}nn {}", self.run))];
        for number in 0..100 {
            ann.now = ann.now + Duration::from_secs(1);
            ann.account = names[usize::from(number >= 20)];
            ann.reserve(v6(number)).await;
            ann.give_back(v6(number), false, true).await;
        }
        for account in names {
            ann.account = account;
            for number in 0..100 {
                ann.reserve(v6(number)).await;
            }
        }
    }

    async fn known_networks_are_never_displaced(&self, store: &Arc<dyn AttemptStore>) {
        let mut account = self.compared(store, "many networks");
        account.limits = AttemptLimits::new(budget(2, 1_000), budget(1_000, 1_000), 100 * HOUR);
        for number in 0..60 {
            account.now = account.now + Duration::from_secs(1);
            account.reserve(v6(number)).await;
            account.give_back(v6(number), false, true).await;
        }
        for number in 0..100 {
            account.now = account.now + Duration::from_millis(1);
            account.reserve(v4(number)).await;
        }
        for number in 0..60 {
            account.reserve(v6(number)).await;
        }
    }

    async fn a_budget_may_be_missing(&self, store: &Arc<dyn AttemptStore>) {
        for (own, new) in [(None, budget(3, 60)), (budget(3, 60), None), (None, None)] {
            let mut account = self.compared(store, &format!("{own:?} {new:?}"));
            account.limits = AttemptLimits::new(own, new, HOUR);
            for _ in 0..5 {
                account.reserve(v4(1)).await;
                account.reserve(v4(2)).await;
            }
            account.give_back(v4(1), false, true).await;
            account.reserve(v4(1)).await;
        }
    }

    async fn attempts_at_once_are_limited(&self, store: &Arc<dyn AttemptStore>) {
        let account = self.compared(store, "at once");
        let attempt = account.attempt(v4(1));
        let attempts = (0..MANY).map(|_| {
            let store = Arc::clone(store);
            rocket::tokio::spawn(async move { store.reserve(&attempt).await.expect("the store works") })
        });
        let mut permitted = 0;
        for reserved in attempts.collect::<Vec<_>>() {
            if let Reservation::Reserved { .. } = reserved.await.expect("the store does not panic") {
                permitted += 1;
            }
        }
        assert_eq!(permitted, 3, "concurrent attempts are limited like sequential ones");
    }

    fn compared(&self, store: &Arc<dyn AttemptStore>, name: &str) -> Compared {
        Compared {
            store: Arc::clone(store),
            expected: Attempts::default(),
            account: Account::new(None, None, &format!("{name} {}", self.run)),
            limits: AttemptLimits::new(budget(3, 60), budget(5, 300), 30 * HOUR),
            now: self.now,
        }
    }
}

impl Compared {
    fn attempt(&self, network: Network) -> Attempt {
        Attempt::new(self.account, network, self.limits, self.now)
    }

    async fn reserve(&mut self, network: Network) {
        let attempt = self.attempt(network);
        let reserved = self.store.reserve(&attempt).await.expect("the store works");
        assert_eq!(reserved, self.expected.reserve(&attempt), "`reserve` matches `Attempts::reserve`");
    }

    async fn give_back(&mut self, network: Network, known: bool, signed_in: bool) {
        let attempt = self.attempt(network);
        self.store.give_back(&attempt, known, signed_in).await.expect("the store works");
        self.expected.give_back(&attempt, known, signed_in);
    }
}

fn v4(number: u32) -> Network {
    Network::of(IpAddr::V4(Ipv4Addr::from(number)))
}

fn v6(number: u128) -> Network {
    Network::of(IpAddr::V6(Ipv6Addr::from((0x2001_0db8 << 96) | (number << 64))))
}

fn budget(attempts: u32, seconds: u64) -> Option<Budget> {
    Some(Budget::new(attempts, Duration::from_secs(seconds)))
}
