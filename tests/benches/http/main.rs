//! The refresh route of `examples/app` over HTTP, compared with an open route of the same app.
//!
//! The app, which has one worker, and Redis run on the first core. `wrk` runs on the second.

mod app;

use app::App;
use jwt_auth_tests::RedisServer;
use jwt_auth_tests::measure::{Load, Samples, Table, cpu_time, load, pin, scaled, thousands};
use rocket::tokio::runtime::Runtime;

const ROUNDS: usize = 7;

/// One run of wrk.
struct Run {
    load: Load,
    /// The CPU time per request in microseconds, in the app and in Redis.
    app_cpu: f64,
    redis_cpu: f64,
}

fn main() {
    let runtime = Runtime::new().expect("a runtime starts");
    let server = RedisServer::start();
    let redis: String = server.query(redis::cmd("INFO").arg("server"));
    let redis = redis.lines().find_map(|line| line.strip_prefix("process_id:")?.parse().ok());
    let redis = redis.expect("Redis reports its process id");
    let app = runtime.block_on(App::start(&server));
    pin(redis, 0);
    pin(app.pid(), 0);
    pin(std::process::id(), 1);

    let mut table = Table::new(
        "`examples/app`, one worker",
        &[
            "route",
            "connections",
            "requests/s",
            "% of the open route",
            "median, ms",
            "99 %, ms",
            "app, CPU µs per request",
            "Redis, CPU µs",
        ],
    );
    for connections in [1, 8, 32] {
        let mut runs: [Vec<Run>; 2] = Default::default();
        for _ in 0..scaled(ROUNDS, 1) {
            runs[0].push(run(&app, redis, "/.well-known/jwks.json", connections, &[]));
            // wrk generates one more request than it sends, to inspect it before the run.
            let tokens = runtime.block_on(app.sign_in(connections + 1));
            runs[1].push(run(&app, redis, "/auth/refresh", connections, &tokens));
        }
        let median = |runs: &[Run], of: fn(&Run) -> f64| Samples::new(runs.iter().map(of).collect()).median();
        let open = median(&runs[0], |run| run.load.requests_per_second);
        for (route, runs) in ["GET /.well-known/jwks.json", "POST /auth/refresh"].into_iter().zip(&runs) {
            let rate = median(runs, |run| run.load.requests_per_second);
            table.row(&[
                format!("`{route}`"),
                connections.to_string(),
                thousands(rate),
                format!("{:.0}", 100.0 * rate / open),
                format!("{:.2}", median(runs, |run| run.load.median_ms)),
                format!("{:.2}", median(runs, |run| run.load.p99_ms)),
                format!("{:.1}", median(runs, |run| run.app_cpu)),
                format!("{:.1}", median(runs, |run| run.redis_cpu)),
            ]);
        }
    }
    table.print();
}

fn run(app: &App, redis: u32, path: &str, connections: usize, tokens: &[String]) -> Run {
    let before = [app.pid(), redis].map(cpu_time);
    let load = load(&app.url(path), connections, &[], tokens);
    assert!(!load.is_rejected, "the refresh tokens are valid");
    let after = [app.pid(), redis].map(cpu_time);
    let cpu = |n: usize| (after[n] - before[n]).as_secs_f64() * 1e6 / load.requests;
    Run { app_cpu: cpu(0), redis_cpu: cpu(1), load }
}
