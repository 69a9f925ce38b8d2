//! The time from the response to a logout until another process rejects the session's access token, or ends a stream of the
//! session, with two processes and a real Redis. The other process is a second instance of this program.

use std::env;
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use jwt_auth::JwtAuth;
use jwt_auth_tests::measure::{Samples, Table, scaled};
use jwt_auth_tests::{RedisServer, Setup, User, user};
use log::LevelFilter;
use rocket::tokio::runtime::Runtime;

/// What the other process does with a token, and how the table calls it.
const REQUEST: (&str, &str) = ("request", "a request is rejected");
const STREAM: (&str, &str) = ("stream", "a stream ends");

fn main() {
    let args: Vec<String> = env::args().collect();
    let url_after =
        |(mode, _): (&str, &str)| Some(args[args.iter().position(|arg| arg == mode)? + 1].as_str());
    match (url_after(REQUEST), url_after(STREAM)) {
        (Some(url), _) => listen(url, rejected),
        (_, Some(url)) => listen(url, ended),
        (None, None) => {
            let logouts = scaled(1_000, 10);
            let title = format!(
                "From the response to a logout to its effect in another process, µs, {logouts} logouts"
            );
            let mut table = Table::new(&title, &["", "min", "median", "90 %", "99 %", "max"]);
            for mode in [REQUEST, STREAM] {
                let delays = measure(mode.0, logouts);
                let figures = [
                    delays.min(),
                    delays.median(),
                    delays.percentile(90.0),
                    delays.percentile(99.0),
                    delays.max(),
                ];
                let [min, median, most, nearly_all, max] = figures.map(|micros| format!("{micros:.0}"));
                table.row(&[mode.1.to_owned(), min, median, most, nearly_all, max]);
            }
            table.print();
        }
    }
}

fn measure(mode: &str, logouts: usize) -> Samples {
    let server = RedisServer::start();
    let (runtime, auth) = launch(&server.url());
    let mut listener = Command::new(env::current_exe().expect("this program has a path"))
        .args([mode, &server.url()])
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
    delays
}

/// Reads tokens and writes, for each one, when the logout took effect.
fn listen(url: &str, wait: fn(&Runtime, &JwtAuth, &str)) {
    let (runtime, auth) = launch(url);
    let write = |text: &str| {
        println!("{text}");
        stdout().flush().expect("the other process reads the output");
    };
    for token in stdin().lock().lines() {
        let token = token.expect("tokens are text");
        auth.verify::<User>(&token).expect("the token is valid before the logout");
        write("accepted");
        wait(&runtime, &auth, &token);
        write(&micros().to_string());
    }
}

fn rejected(_: &Runtime, auth: &JwtAuth, token: &str) {
    while auth.verify::<User>(token).is_ok() {
        // The thread that receives the revocation may need this core.
        std::thread::yield_now();
    }
}

fn ended(runtime: &Runtime, auth: &JwtAuth, token: &str) {
    if let Ok(user) = auth.verify::<User>(token) {
        runtime.block_on(auth.ended(&user));
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
