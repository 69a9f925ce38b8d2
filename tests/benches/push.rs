//! How long after the answer to a logout another process refuses the session's access token: two processes
//! and a real Redis. The other process is this program once more.

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
        .expect("this program starts again");
    let mut to = listener.stdin.take().expect("stdin is piped");
    let mut from = BufReader::new(listener.stdout.take().expect("stdout is piped")).lines();
    let mut hear = || from.next().expect("the listener goes on").expect("it writes text");

    let delays = (0..logouts).map(|_| {
        let pair = runtime.block_on(async { auth.generate_tokens(&user("alice")).await });
        let pair = pair.expect("Redis keeps the session");
        writeln!(to, "{}", pair.access_token).expect("the listener reads");
        assert_eq!(hear(), "accepted");

        let ended = runtime.block_on(auth.invalidate_refresh_token(&pair.refresh_token));
        let answered = micros();
        assert!(ended.expect("Redis answers"), "the session was there");
        hear().parse::<f64>().expect("the listener tells the time") - answered
    });
    let delays = Samples::new(delays.collect());
    drop(to);
    listener.wait().expect("the listener ends");

    let mut table = Table::new(
        &format!("From the answer to a logout to its refusal in another process, µs, of {logouts}"),
        &["least", "median", "90 %", "99 %", "greatest"],
    );
    let figures =
        [delays.min(), delays.median(), delays.percentile(90.0), delays.percentile(99.0), delays.max()];
    table.row(&figures.map(|micros| format!("{micros:.0}")));
    table.print();
}

/// Reads tokens, and says of each when it was first refused.
fn listen(url: &str) {
    let (_runtime, auth) = launch(url);
    let say = |text: &str| {
        println!("{text}");
        stdout().flush().expect("the other process reads");
    };
    for token in stdin().lock().lines() {
        let token = token.expect("tokens are text");
        auth.verify::<User>(&token).expect("the token is valid before the logout");
        say("accepted");
        while auth.verify::<User>(&token).is_ok() {
            // The thread that hears of it may need this core.
            std::thread::yield_now();
        }
        say(&micros().to_string());
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

/// Microseconds since 1970. All processes of a machine have the same clock.
fn micros() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("1970 is over").as_nanos() as f64 / 1e3
}
