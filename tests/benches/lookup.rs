//! What it costs to look up whether a session was revoked, and what it takes to remember that one was: the
//! map alone. `verify` measures the same within the check of a token.

use std::alloc::System;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cap::Cap;
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::store::OwnerDigest;
use jwt_auth_tests::measure::{Samples, Table, nanos, scaled, thousands};
use uuid::Uuid;

// The crate keeps it to itself, so its file is compiled once more.
#[allow(dead_code, unused_imports, reason = "its tests are built here and run there")]
#[path = "../../jwt-auth/src/revocation/expiring.rs"]
mod expiring;
#[allow(dead_code, reason = "the map needs a part of it")]
#[path = "../../jwt-auth/src/clock/moment.rs"]
mod moment;
mod clock {
    pub(crate) use jwt_auth::clock::Timestamp;

    pub(crate) use super::moment::Moment;
}

use expiring::{Expiring, SHARDS};
use moment::Moment;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

const LIVES: Duration = Duration::from_secs(970);
/// How many samples there are, and of how many look-ups each.
const SAMPLES: usize = 500;
const SAMPLE: usize = 10_000;

fn main() {
    let mut table = Table::new(
        "Whether a session was revoked",
        &[
            "entries",
            "another session, ns",
            "one of them, ns",
            "bytes an entry",
            "an insertion for which a shard grows, µs",
            "a sweep of a shard, µs",
        ],
    );
    for entries in [0, 1_000, scaled(1_000_000, 10_000)] {
        table.row(&measure(entries));
    }
    table.print();
}

fn measure(entries: usize) -> [String; 6] {
    let now = Moment::of(Timestamp::from_secs(1_000_000), Duration::ZERO);
    let key = || (OwnerDigest::from_bytes(Uuid::new_v4().into_bytes()), Uuid::new_v4());
    let revoked: Vec<_> = (0..entries).map(|_| key()).collect();
    let others: Vec<_> = (0..scaled(1_000_000, 10_000)).map(|_| key()).collect();

    let before = ALLOCATOR.allocated();
    let map = Expiring::new(LIVES);
    let insertions = micros(revoked.iter().map(|sid| || map.insert(*sid, (), now)));
    let bytes = ALLOCATOR.allocated() - before - insertions.capacity() * size_of::<f64>();

    let look_up = |sids: &[(OwnerDigest, Uuid)], expected| {
        // Short samples, each of other sessions: what else the machine does falls into some of them only.
        let samples = (0..SAMPLES).map(|sample| {
            nanos(SAMPLE, |n| {
                let sid = black_box(&sids[(sample * SAMPLE + n) % sids.len()]);
                assert_eq!(black_box(&map).get(sid), expected);
            })
        });
        let samples = Samples::new(samples.collect());
        format!("{:.0} ({:.0})", samples.median(), samples.min())
    };
    let miss = look_up(&others, None);
    let hit = if revoked.is_empty() { "–".to_owned() } else { look_up(&revoked, Some(())) };

    let ended = (0..SHARDS as u64).map(|second| now.after(LIVES + Duration::from_secs(second)));
    let sweeps = micros(ended.map(|time| {
        let map = &map;
        move || map.sweep(time)
    }));
    assert!(map.is_empty(), "everything has ended");

    if entries == 0 {
        return ["0".to_owned(), miss, "–".to_owned(), "–".to_owned(), "–".to_owned(), "–".to_owned()];
    }
    // Each shard grew a last time. What else the machine does makes some of these longer than they are.
    let growth = Samples::new(insertions[..SHARDS].to_vec()).median();
    [
        thousands(entries as f64),
        miss,
        hit,
        format!("{:.1}", bytes as f64 / entries as f64),
        format!("{growth:.0}"),
        format!("{:.0}", Samples::new(sweeps).median()),
    ]
}

/// How long each of some calls took, in microseconds, the longest first.
fn micros<F: Fn()>(calls: impl Iterator<Item = F>) -> Vec<f64> {
    let mut micros: Vec<f64> = calls
        .map(|call| {
            let start = Instant::now();
            call();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(|one, other| other.total_cmp(one));
    micros
}
