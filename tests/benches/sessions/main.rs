//! Sessions in Redis: what one takes there, and how many refreshes there are in a second beside what the server
//! can do. That is what `redis-benchmark` shows with the same script, on the same server, in turns with them.
//!
//! The server has the first core; this program, and `redis-benchmark`, the second.

mod ceiling;
mod tasks;

use std::process;
use std::time::Duration;

use ceiling::Ceiling;
use jwt_auth::JwtAuth;
use jwt_auth_tests::measure::{Samples, Table, cpu_time, is_rehearsal, pin, scaled, thousands};
use jwt_auth_tests::{RedisServer, Setup};
use log::LevelFilter;
use redis::cmd;
use rocket::tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 5;

/// What is measured with so many sessions.
struct Measured {
    sessions: usize,
    per_user: usize,
    bytes: f64,
    ceiling: Samples,
    connection: Samples,
    refreshes: Samples,
    /// Of the round's own ceiling.
    share: Samples,
    /// Microseconds of a processor for one refresh: in this process, and in the server.
    own_cpu: Samples,
    server_cpu: Samples,
}

fn main() {
    let server = RedisServer::start();
    let server_pid = info(&server, "server", "process_id") as u32;
    pin(server_pid, 0);
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

    let tokens = runtime.block_on(tasks::sign_in(&in_memory, 1_000, 1));
    let alone = runtime.block_on(tasks::refresh(&in_memory, tokens, seconds())).0;

    print_bytes(&measured);
    print_refreshes(&measured);
    println!(
        "\nWithout Redis, on the memory store, a refresh takes {:.2} µs of the second core.",
        1e6 / alone
    );
}

fn measure(
    runtime: &Runtime,
    server: &RedisServer,
    auth: &JwtAuth,
    sessions: usize,
    per_user: usize,
) -> Measured {
    server.run("FLUSHALL SYNC");
    let before = info(server, "memory", "used_memory");
    let mut tokens = runtime.block_on(tasks::sign_in(auth, sessions, per_user));
    let bytes = (info(server, "memory", "used_memory") - before) / sessions as f64;
    see_that_hashes_are_packed(server);

    let pid = info(server, "server", "process_id") as u32;
    let ceiling = runtime.block_on(Ceiling::prepare(server, sessions, per_user));
    let mut rounds: [Vec<f64>; 6] = Default::default();
    for _ in 0..scaled(ROUNDS, 1) {
        let most = ceiling.requests_per_second();
        let connection = runtime.block_on(ceiling.connection_per_second(seconds()));
        let (own, servers) = (cpu_time(process::id()), cpu_time(pid));
        let (rate, refreshed) = runtime.block_on(tasks::refresh(auth, tokens, seconds()));
        let each = |spent: Duration| spent.as_secs_f64() * 1e6 / (rate * seconds().as_secs_f64());
        let cpu = (each(cpu_time(process::id()) - own), each(cpu_time(pid) - servers));
        tokens = refreshed;
        for (round, figure) in
            rounds.iter_mut().zip([most, connection, rate, 100.0 * rate / most, cpu.0, cpu.1])
        {
            round.push(figure);
        }
    }
    let [ceiling, connection, refreshes, share, own_cpu, server_cpu] = rounds.map(Samples::new);
    Measured { sessions, per_user, bytes, ceiling, connection, refreshes, share, own_cpu, server_cpu }
}

fn print_bytes(measured: &[Measured]) {
    let mut table =
        Table::new("Bytes of Redis' `used_memory` for a session", &["sessions", "1 a user", "5 a user"]);
    let (one, five) = measured.split_at(measured.len() / 2);
    for (one, five) in one.iter().zip(five) {
        let bytes = [one.bytes, five.bytes].map(|bytes| format!("{bytes:.0}"));
        table.row(&[[thousands(one.sessions as f64)].as_slice(), &bytes].concat());
    }
    table.print();
}

fn print_refreshes(measured: &[Measured]) {
    let mut table = Table::new(
        "Refreshes in a second, medians of rounds in turns",
        &[
            "sessions",
            "a user",
            "`redis-benchmark -P 16`",
            "one connection, 64 tasks: the script",
            "`auth.refresh`",
            "share of the ceiling, %",
            "of which the rounds were, %",
            "µs of this process for a refresh",
            "of the server",
        ],
    );
    for m in measured {
        table.row(&[
            thousands(m.sessions as f64),
            m.per_user.to_string(),
            thousands(m.ceiling.median()),
            thousands(m.connection.median()),
            thousands(m.refreshes.median()),
            format!("{:.0}", 100.0 * m.refreshes.median() / m.ceiling.median()),
            format!("{:.0}–{:.0}", m.share.min(), m.share.max()),
            format!("{:.1}", m.own_cpu.median()),
            format!("{:.1}", m.server_cpu.median()),
        ]);
    }
    table.print();
}

fn launch(runtime: &Runtime, setup: Setup) -> JwtAuth {
    let rocket = runtime.block_on(setup.attach(JwtAuth::fairing()).ignite()).expect("the app launches");
    rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
}

/// How long a round takes of each.
fn seconds() -> Duration {
    Duration::from_millis(if is_rehearsal() { 50 } else { 2_000 })
}

/// A number that the server tells about itself.
fn info(server: &RedisServer, section: &str, name: &str) -> f64 {
    let info: String = server.query(cmd("INFO").arg(section));
    let value = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.and_then(|value| value.parse().ok()).expect("Redis tells this number")
}

/// The hash of a user must not have become a hash table, which takes several times as much.
fn see_that_hashes_are_packed(server: &RedisServer) {
    let key: String = server.query(&cmd("RANDOMKEY"));
    let encoding: String = server.query(cmd("OBJECT").arg("ENCODING").arg(&key));
    assert_eq!(encoding, "listpack", "of {key}");
}
