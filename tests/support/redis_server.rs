//! A real Redis, for one test.

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue};
use uuid::Uuid;

const INSTALL: &str = "redis-server is needed for this test and was not found. To install it:
    Debian, Ubuntu:  sudo apt-get install redis-server
    Fedora:          sudo dnf install redis
    Alpine:          sudo apk add redis
    macOS:           brew install redis";

/// A `redis-server` of version 7 or later on a free port of this machine, which keeps its data in
/// memory and dies with this value.
pub struct RedisServer {
    kind: Kind,
    port: u16,
    folder: PathBuf,
    options: Vec<String>,
    process: Option<Process>,
}

#[derive(Clone, Copy)]
enum Kind {
    Server,
    Sentinel,
}

impl Kind {
    /// What it writes to its log when it is ready.
    fn ready(self) -> &'static str {
        match self {
            Self::Server => "Ready to accept connections",
            Self::Sentinel => "Sentinel ID is",
        }
    }
}

struct Process {
    child: Child,
    /// Held, so that the server has where to write to.
    _log: BufReader<ChildStdout>,
}

impl RedisServer {
    /// Starts one, and waits until it answers.
    ///
    /// # Panics
    ///
    /// If there is no `redis-server` on this machine; the message says how to install it.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with these options on top, such as `["--cluster-enabled", "yes"]`.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_with(options: &[&str]) -> Self {
        Self::start_kind(Kind::Server, &|| options.iter().map(ToString::to_string).collect())
    }

    /// Starts one with options that are made up for each attempt, since they contain a free port.
    pub(crate) fn start_with_port(options: impl Fn(u16) -> Vec<String>) -> Self {
        Self::start_kind(Kind::Server, &|| options(free_port()))
    }

    /// Starts a sentinel that does not monitor any server yet.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_sentinel() -> Self {
        Self::start_kind(Kind::Sentinel, &Vec::new)
    }

    fn start_kind(kind: Kind, options: &dyn Fn() -> Vec<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("jwt-auth-redis-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("the folder for temporary files can be written to");
        let mut server = Self { kind, port: 0, folder, options: Vec::new(), process: None };
        // Another process may take a port in the meantime.
        for _ in 0..5 {
            server.port = free_port();
            server.options = options();
            match server.spawn() {
                Ok(()) => return server,
                Err(log) => eprintln!("redis-server did not start on port {}:\n{log}", server.port),
            }
        }
        panic!("redis-server does not start: its log is above");
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it at once. What was not saved with `SAVE` is lost.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().expect("a child can be killed");
            process.child.wait().expect("a child that was killed ends");
        }
    }

    /// Starts it again on the same port, with what was saved.
    pub fn restart(&mut self) {
        self.stop();
        self.spawn().unwrap_or_else(|log| panic!("redis-server does not start again:\n{log}"));
    }

    /// Lets it take requests and answer none, as a machine that hangs.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on, with the requests that came meanwhile.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Runs a command on it, on a connection of its own.
    pub fn query<T: FromRedisValue>(&self, command: &Cmd) -> T {
        let client = redis::Client::open(self.url()).expect("the URL is one");
        let mut connection = client.get_connection().expect("the server answers");
        command.query(&mut connection).expect("the command is right")
    }

    /// Runs a command of which only the effect matters: `server.run("CLIENT KILL TYPE normal")`.
    pub fn run(&self, command: &str) {
        let _: redis::Value = self.query(&words(command));
    }

    /// Runs a command that answers with text: `server.ask("INFO replication")`.
    pub fn ask(&self, command: &str) -> String {
        self.query(&words(command))
    }

    /// The keys of sessions: all keys except for the streams of revocations, and their retentions.
    pub fn session_keys(&self) -> Vec<String> {
        let keys: Vec<String> = self.query(redis::cmd("KEYS").arg("*"));
        let is_stream = |key: &String| key.ends_with(":revocations") || key.ends_with(":retention");
        keys.into_iter().filter(|key| !is_stream(key)).collect()
    }

    /// The key of the stream of revocations that belongs to the first key of sessions.
    pub fn stream_key(&self) -> String {
        let keys = self.session_keys();
        let tag = keys.first().and_then(|key| key.find('}').map(|end| &key[..=end]));
        format!("{}:revocations", tag.expect("there is a session"))
    }

    /// Waits until this replica has what its master has.
    pub fn wait_until_in_step(&self) {
        until("a replica is in step", || self.ask("INFO replication").contains("master_link_status:up"));
    }

    fn spawn(&mut self) -> Result<(), String> {
        let mut command = Command::new("redis-server");
        if let Kind::Sentinel = self.kind {
            // It writes to its configuration what it learns.
            let configuration = self.folder.join("sentinel.conf");
            std::fs::write(&configuration, "").map_err(|error| error.to_string())?;
            command.arg(configuration).arg("--sentinel");
        } else {
            command.args(["--save", "", "--appendonly", "no"]);
        }
        let spawned = command
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .arg("--dir")
            .arg(&self.folder)
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = match spawned {
            Err(error) if error.kind() == ErrorKind::NotFound => panic!("{INSTALL}"),
            spawned => spawned.map_err(|error| error.to_string())?,
        };

        let mut log = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut seen = String::new();
        while log.read_line(&mut seen).expect("the log of redis-server is text") > 0 {
            if seen.contains(self.kind.ready()) {
                self.process = Some(Process { child, _log: log });
                return Ok(());
            }
        }
        child.wait().map_err(|error| error.to_string())?;
        Err(seen)
    }

    fn signal(&self, name: &str) {
        let process = self.process.as_ref().expect("the server runs");
        let status =
            Command::new("kill").args([&format!("-{name}"), &process.child.id().to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "kill -{name} works");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn words(command: &str) -> Cmd {
    let mut cmd = Cmd::new();
    for word in command.split(' ') {
        cmd.arg(word);
    }
    cmd
}

/// Waits up to half a minute until a condition holds.
///
/// # Panics
///
/// If the condition does not hold in time.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what}: not so after half a minute");
        sleep(Duration::from_millis(50));
    }
}

/// A free port.
///
/// # Panics
///
/// If this machine has none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
    listener.local_addr().expect("a listener has an address").port()
}
