//! The time from the response to a logout until another process rejects the session's access token, with two processes
//! and a real Redis. The other process is a second instance of this program.

use std::env;
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use jwt_auth::JwtAuth;
use jwt_auth_tests::measure::{Samples, Table, scaled};
use jwt_auth_tests::{RedisServer, Setup, User, user};
use log::LevelFilter;
use rocket::tokio::runtime::Runtime;

const LISTEN: &str = "listen";

fn main() {
    let args: Vec<String> = env::args().collect();
    match args.iter().position(|arg| arg == LISTEN) {
        Some(at) => listen(&args[at + 1]),
        None => measure(scaled(1_000, 10)),
    }
}

fn measure(logouts: usize) {
    let server = RedisServer::start();
    let (runtime, auth) = launch(&server.url());
    let mut listener = Command::new(env::current_exe().expect("this program has a path"))
        .args([LISTEN, &server.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a second instance starts");
    let mut to = listener.stdin.take().expect("stdin is piped");
    let mut from = BufReader::new(listener.stdout.take().expect("stdout is piped")).lines();
    let mut read = || from.next().expect("the listener runs").expect("the listener writes text");

    let delays = (0..logouts).map(|_| {
        let pair = runtime.block_on(async { auth.generate_tokens(&user("alice")).await });
        let pair = pair.expect("Redis keeps the session");
        writeln!(to, "{}", pair.access_token).expect("the listener reads its input");
        assert_eq!(read(), "accepted");

        let ended = runtime.block_on(auth.invalidate_refresh_token(&pair.refresh_token));
        let responded = micros();
        assert!(ended.expect("Redis responds"), "the session did not exist");
        read().parse::<f64>().expect("the listener writes the time") - responded
    });
    let delays = Samples::new(delays.collect());
    drop(to);
    listener.wait().expect("the listener exits");

    let mut table = Table::new(
        &format!("From the response to a logout to the rejection in another process, µs, {logouts} logouts"),
        &["min", "median", "90 %", "99 %", "max"],
    );
    let figures =
        [delays.min(), delays.median(), delays.percentile(90.0), delays.percentile(99.0), delays.max()];
    table.row(&figures.map(|micros| format!("{micros:.0}")));
    table.print();
}

/// Reads tokens and writes, for each one, when it was first rejected.
fn listen(url: &str) {
    let (_runtime, auth) = launch(url);
    let write = |text: &str| {
        println!("{text}");
        stdout().flush().expect("the other process reads the output");
    };
    for token in stdin().lock().lines() {
        let token = token.expect("tokens are text");
        auth.verify::<User>(&token).expect("the token is valid before the logout");
        write("accepted");
        while auth.verify::<User>(&token).is_ok() {
            // The thread that receives the revocation may need this core.
            std::thread::yield_now();
        }
        write(&micros().to_string());
    }
}

fn launch(url: &str) -> (Runtime, JwtAuth) {
    let runtime = Runtime::new().expect("a runtime starts");
    let setup = Setup::memory().with("redis", url);
    let rocket = runtime.block_on(setup.attach(JwtAuth::fairing()).ignite()).expect("the app launches");
    log::set_max_level(LevelFilter::Off);
    let auth = rocket.state::<JwtAuth>().expect("the fairing is attached").clone();
    (runtime, auth)
}

/// The time in microseconds since 1970. All processes on a machine share a clock.
fn micros() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970").as_nanos() as f64
        / 1e3
}
