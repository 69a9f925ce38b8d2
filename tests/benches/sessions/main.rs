//! Sessions in Redis: their size, and refreshes per second compared with the limit of the server. `redis-benchmark`
//! measures that limit with the same script on the same server, in alternation with the refreshes.
//!
//! The server runs on the first core. This program and `redis-benchmark` run on the second.

mod ceiling;
mod tasks;

use std::hint::black_box;
use std::process;
use std::time::Duration;

use ceiling::Ceiling;
use jwt_auth::JwtAuth;
use jwt_auth_tests::measure::{Samples, Table, cpu_time, is_rehearsal, nanos, pin, scaled, thousands};
use jwt_auth_tests::{RedisServer, Setup, user};
use log::LevelFilter;
use redis::cmd;
use rocket::tokio::runtime::{Builder, Runtime};
use tasks::Use;

const ROUNDS: usize = 5;

/// The measurements for a number of sessions.
struct Measured {
    sessions: usize,
    per_user: usize,
    bytes: f64,
    /// Runs of the script per second: by `redis-benchmark`, and over a connection that does nothing else.
    ceiling: Samples,
    connection: Samples,
    /// Refreshes per second, by 64 tasks and by 256.
    refreshes: [Samples; 2],
    /// The CPU time in microseconds per refresh with 64 tasks, in this process and in the server.
    cpu: [Samples; 2],
    /// The same for a refresh and the first use of its access token.
    used: Samples,
    cpu_used: [Samples; 2],
}

fn main() {
    let server = RedisServer::start();
    pin(pid(&server), 0);
    pin(process::id(), 1);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let in_memory = launch(&runtime, Setup::memory());
    let auth = launch(&runtime, Setup::memory().with("redis", server.url()));
    log::set_max_level(LevelFilter::Off);

    let sizes = scaled([1_000, 100_000, 1_000_000], [100, 200, 300]);
    let measured: Vec<Measured> = [1, 5]
        .into_iter()
        .flat_map(|per_user| sizes.map(|sessions| measure(&runtime, &server, &auth, sessions, per_user)))
        .collect();
    print_bytes(&measured);
    print_refreshes(&measured);

    let mut tokens = runtime.block_on(tasks::sign_in(&in_memory, 1_000, 1));
    let alone = runtime.block_on(tasks::refresh(&in_memory, &mut tokens, 64, seconds(), Use::None));
    let signing = nanos(scaled(300_000, 100), |_| {
        black_box(
            runtime
                .block_on(in_memory.create_access_token(&user("alice")).into_future())
                .expect("the key signs"),
        );
    });
    println!(
        "\nOn the memory store, a refresh takes {:.1} µs of the second core. Creating an access token takes {:.1} µs.",
        1e6 / alone,
        signing / 1e3
    );
}

fn measure(
    runtime: &Runtime,
    server: &RedisServer,
    auth: &JwtAuth,
    sessions: usize,
    per_user: usize,
) -> Measured {
    // Allocates the buffers of the connection before the memory is measured.
    runtime.block_on(tasks::sign_in(auth, 1_000, 1));
    server.run("FLUSHALL SYNC");
    let before = info(server, "memory", "used_memory");
    let mut tokens = runtime.block_on(tasks::sign_in(auth, sessions, per_user));
    let bytes = (info(server, "memory", "used_memory") - before) / sessions as f64;
    assert_hashes_are_packed(server);

    let ceiling = runtime.block_on(Ceiling::prepare(server, sessions, per_user));
    let mut rounds: [Vec<f64>; 9] = Default::default();
    for _ in 0..scaled(ROUNDS, 1) {
        let most = ceiling.requests_per_second();
        let connection = runtime.block_on(ceiling.connection_per_second(seconds()));
        let mut refresh = |tasks, usage| {
            let before = [process::id(), pid(server)].map(cpu_time);
            let rate = runtime.block_on(tasks::refresh(auth, &mut tokens, tasks, seconds(), usage));
            runtime.block_on(jwt_auth::__private::settled(auth));
            let after = [process::id(), pid(server)].map(cpu_time);
            let cpu = [0, 1].map(|n| (after[n] - before[n]).as_secs_f64() * 1e6);
            (rate, cpu.map(|micros| micros / (rate * seconds().as_secs_f64())))
        };
        let (of_64, cpu) = refresh(64, Use::None);
        let (used, cpu_used) = refresh(64, Use::Once);
        let (of_256, _) = refresh(256, Use::None);
        let figures = [most, connection, of_64, of_256, cpu[0], cpu[1], used, cpu_used[0], cpu_used[1]];
        for (round, figure) in rounds.iter_mut().zip(figures) {
            round.push(figure);
        }
    }
    let [ceiling, connection, of_64, of_256, own, servers, used, own_used, servers_used] =
        rounds.map(Samples::new);
    Measured {
        sessions,
        per_user,
        bytes,
        ceiling,
        connection,
        refreshes: [of_64, of_256],
        cpu: [own, servers],
        used,
        cpu_used: [own_used, servers_used],
    }
}

fn print_bytes(measured: &[Measured]) {
    let mut table =
        Table::new("Bytes of Redis's `used_memory` per session", &["sessions", "1 per user", "5 per user"]);
    let (one, five) = measured.split_at(measured.len() / 2);
    for (one, five) in one.iter().zip(five) {
        table.row(&[
            thousands(one.sessions as f64),
            format!("{:.0}", one.bytes),
            format!("{:.0}", five.bytes),
        ]);
    }
    table.print();
}

fn print_refreshes(measured: &[Measured]) {
    let mut table = Table::new(
        "Per second, medians of alternating rounds",
        &[
            "sessions",
            "per user",
            "`redis-benchmark -P 16`",
            "one connection, only the script",
            "`auth.refresh`, 64 tasks",
            "256 tasks",
            "process, CPU µs per refresh, 64 tasks",
            "server, CPU µs",
        ],
    );
    for m in measured {
        let share = |samples: &Samples| {
            let percent = 100.0 * samples.median() / m.ceiling.median();
            format!("{} ({percent:.0} %)", thousands(samples.median()))
        };
        table.row(&[
            thousands(m.sessions as f64),
            m.per_user.to_string(),
            thousands(m.ceiling.median()),
            share(&m.connection),
            share(&m.refreshes[0]),
            share(&m.refreshes[1]),
            format!("{:.1}", m.cpu[0].median()),
            format!("{:.1}", m.cpu[1].median()),
        ]);
    }
    table.print();
    print_confirmations(measured);
}

/// Prints the cost of confirming to the store that a pair has arrived, once after each refresh.
fn print_confirmations(measured: &[Measured]) {
    let mut table = Table::new(
        "A refresh and the first use of its access token, compared with only a refresh, 64 tasks",
        &["sessions", "per user", "per second", "process, CPU µs", "server, CPU µs"],
    );
    for m in measured {
        let times = |used: &Samples, alone: &Samples| {
            format!("{} ({:.2} ×)", thousands(used.median()), used.median() / alone.median())
        };
        table.row(&[
            thousands(m.sessions as f64),
            m.per_user.to_string(),
            times(&m.used, &m.refreshes[0]),
            times(&m.cpu_used[0], &m.cpu[0]),
            times(&m.cpu_used[1], &m.cpu[1]),
        ]);
    }
    table.print();
}

fn launch(runtime: &Runtime, setup: Setup) -> JwtAuth {
    let rocket = runtime.block_on(setup.attach(JwtAuth::fairing()).ignite()).expect("the app launches");
    rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
}

/// The duration of each measurement in a round.
fn seconds() -> Duration {
    Duration::from_millis(if is_rehearsal() { 50 } else { 1_000 })
}

fn pid(server: &RedisServer) -> u32 {
    info(server, "server", "process_id") as u32
}

/// Returns a number from the `INFO` of the server.
fn info(server: &RedisServer, section: &str, name: &str) -> f64 {
    let info: String = server.query(cmd("INFO").arg(section));
    let value = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.and_then(|value| value.parse().ok()).expect("Redis reports this number")
}

/// Asserts that the hash of a user has not become a hash table, which takes several times as much memory.
fn assert_hashes_are_packed(server: &RedisServer) {
    let key: String = server.query(&cmd("RANDOMKEY"));
    let encoding: String = server.query(cmd("OBJECT").arg("ENCODING").arg(&key));
    assert_eq!(encoding, "listpack", "the encoding of {key}");
}
