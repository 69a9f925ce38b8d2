//! The cost of looking up whether a session was revoked, and of remembering a revocation: the map alone. `verify` measures
//! the lookup as part of the verification of a token.

use std::alloc::System;
use std::hint::black_box;
use std::time::{Duration, Instant};

use cap::Cap;
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth::store::OwnerDigest;
use jwt_auth_tests::measure::{Samples, Table, nanos, scaled, thousands};
use uuid::Uuid;

// The module is private, so its file is compiled a second time.
#[allow(dead_code, unused_imports, reason = "its unit tests run in the crate")]
#[path = "../../jwt-auth/src/revocation/expiring.rs"]
mod expiring;
#[allow(dead_code, unexpected_cfgs, reason = "the map needs only part of it")]
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

const TTL: Duration = Duration::from_secs(970);
/// The number of samples, and of lookups in each.
const SAMPLES: usize = 500;
const SAMPLE: usize = 10_000;

fn main() {
    let mut table = Table::new(
        "Looking up whether a session was revoked",
        &[
            "entries",
            "not revoked, ns",
            "revoked, ns",
            "bytes per entry",
            "insertion that grows a shard, µs",
            "sweep of a shard, µs",
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
    let map = Expiring::new(TTL);
    let insertions = micros(revoked.iter().map(|sid| || map.insert(*sid, (), now)));
    let bytes = ALLOCATOR.allocated() - before - insertions.capacity() * size_of::<f64>();

    let look_up = |sids: &[(OwnerDigest, Uuid)], expected| {
        // The samples are short and of different sessions, so other work on the machine affects only some of them.
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

    let ended = (0..SHARDS as u64).map(|second| now.after(TTL + Duration::from_secs(second)));
    let sweeps = micros(ended.map(|time| {
        let map = &map;
        move || map.sweep(time)
    }));
    assert!(map.is_empty(), "an entry has not expired");

    if entries == 0 {
        return ["0".to_owned(), miss, "–".to_owned(), "–".to_owned(), "–".to_owned(), "–".to_owned()];
    }
    // Each shard grew one last time. Other work on the machine makes some of these insertions appear longer.
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

/// Returns the time of each call in microseconds, longest first.
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
