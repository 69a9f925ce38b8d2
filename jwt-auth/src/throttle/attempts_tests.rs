use std::net::{IpAddr, Ipv4Addr};

use super::*;

const START: Timestamp = Timestamp::from_secs(1_700_000_000);

const LIMITS: AttemptLimits = AttemptLimits::new(
    Some(Budget::new(10, Duration::from_secs(15 * 60))),
    Some(Budget::new(20, Duration::from_secs(60 * 60))),
    Duration::from_secs(30 * 24 * 60 * 60),
);

fn network(number: u32) -> Network {
    Network::of(IpAddr::V4(Ipv4Addr::from(number)))
}

fn attempt(network: Network, now: Timestamp) -> Attempt {
    Attempt::new(Account::new(None, None, "ann"), network, LIMITS, now)
}

fn is_permitted(attempts: &mut Attempts, number: u32, now: Timestamp) -> bool {
    matches!(attempts.reserve(&attempt(network(number), now)), Reservation::Reserved { .. })
}

fn sign_in(attempts: &mut Attempts, number: u32, now: Timestamp) {
    let attempt = attempt(network(number), now);
    let Reservation::Reserved { known } = attempts.reserve(&attempt) else { panic!("throttled") };
    attempts.give_back(&attempt, known, true);
}

#[test]
fn a_distributed_guesser_slows_down_strangers_and_not_the_owner() {
    let mut attempts = Attempts::default();
    sign_in(&mut attempts, 0, START);
    let mut guesses = 0;
    for number in 1..10_000 {
        let now = START + Duration::from_millis(u64::from(number));
        guesses += u32::from(is_permitted(&mut attempts, number, now));
        if number % 1_000 == 0 {
            assert!(is_permitted(&mut attempts, 0, now), "the owner is at home");
        }
    }
    assert_eq!(guesses, 20);
    assert!(attempts.networks.len() <= Attempts::MAX_NETWORKS);
    let later = START + Duration::from_secs(3 * 60 + 1);
    assert!(is_permitted(&mut attempts, 99_999, later), "a stranger waits three minutes");
    assert!(!is_permitted(&mut attempts, 99_998, later));
}

#[test]
fn a_thief_in_the_network_of_the_owner_is_limited() {
    let mut attempts = Attempts::default();
    sign_in(&mut attempts, 0, START);
    let guesses = (0..100).filter(|_| is_permitted(&mut attempts, 0, START)).count();
    assert_eq!(guesses, 10);
    assert!(is_permitted(&mut attempts, 1, START), "the others are not affected");
}

#[test]
fn a_user_who_signs_in_is_not_limited() {
    let mut attempts = Attempts::default();
    for number in 0..1_000 {
        sign_in(&mut attempts, number % 3, START);
    }
    for number in 3..1_000 {
        sign_in(&mut attempts, number, START + Duration::from_secs(u64::from(number)));
    }
    assert_eq!((attempts.networks.len(), attempts.known.len()), (0, Attempts::MAX_KNOWN));
}

#[test]
fn what_no_longer_matters_is_forgotten() {
    let mut attempts = Attempts::default();
    assert!(is_permitted(&mut attempts, 1, START));
    assert_eq!(attempts.end(), START + Duration::from_secs(3 * 60), "one failure is forgotten soon");
    sign_in(&mut attempts, 2, START);
    assert_eq!(attempts.end(), START + LIMITS.remember);
    assert!(is_permitted(&mut attempts, 3, START + LIMITS.remember));
    assert_eq!(attempts.networks.len(), 1);
}

#[test]
fn a_clock_that_is_ahead_locks_out_no_one_for_longer_than_the_limits() {
    let mut attempts = Attempts::default();
    let ahead = START + Duration::from_secs(1_000_000_000);
    while is_permitted(&mut attempts, 1, ahead) {}
    sign_in(&mut attempts, 2, ahead);
    let Reservation::Throttled { retry_after, .. } = attempts.reserve(&attempt(network(1), START)) else {
        panic!("permitted")
    };
    assert_eq!(retry_after, Duration::from_secs(180));
    assert!(is_permitted(&mut attempts, 1, START + Duration::from_secs(180)));
    assert!(attempts.known.iter().all(|known| known.until <= START + LIMITS.remember));
}

#[test]
fn a_user_with_a_similar_name_displaces_no_network_and_makes_none_known() {
    let mut attempts = Attempts::default();
    for number in 0..20 {
        sign_in(&mut attempts, number, START);
    }
    let similar = |number: u32| {
        let account = Account::new(None, None, "\u{e4}nn");
        Attempt::new(account, network(number), LIMITS, START + Duration::from_secs(u64::from(number)))
    };
    for number in 0..1_000 {
        let attempt = similar(number);
        assert_eq!(attempt.account.digest(), Account::new(None, None, "ann").digest());
        let Reservation::Reserved { known } = attempts.reserve(&attempt) else { panic!("throttled") };
        attempts.give_back(&attempt, known, true);
    }
    assert_eq!(attempts.known.len(), Attempts::MAX_KNOWN);
    let known_to_ann = |attempts: &mut Attempts, number| {
        attempts.reserve(&attempt(network(number), START)) == Reservation::reserved(true)
    };
    assert!((0..20).all(|number| known_to_ann(&mut attempts, number)));
    assert!(!known_to_ann(&mut attempts, 999), "the network is known only to the other user");
}

#[test]
fn an_unknown_network_is_never_known_to_an_account() {
    let mut attempts = Attempts::default();
    for _ in 0..2 {
        let attempt = attempt(Network::UNKNOWN, START);
        assert_eq!(attempts.reserve(&attempt), Reservation::reserved(false));
        attempts.give_back(&attempt, false, true);
    }
    assert_eq!(attempts, Attempts::default());
}

#[test]
fn clocks_that_differ_by_minutes_lose_no_attempts() {
    for skew in [1, 60, 180, 299] {
        let mut attempts = Attempts::default();
        let permitted = (0..400).filter(|number| {
            let ahead = Duration::from_secs(if number % 2 == 0 { 0 } else { skew });
            is_permitted(&mut attempts, *number, START + ahead)
        });
        let permitted = permitted.count();
        assert!((20..=22).contains(&permitted), "{permitted} with {skew} s");
    }
}
