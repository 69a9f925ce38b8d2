//! A real Redis, for a single test.

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue};
use uuid::Uuid;

const INSTALL: &str = "This test needs redis-server, which was not found. To install it:
    Debian, Ubuntu:  sudo apt-get install redis-server
    Fedora:          sudo dnf install redis
    Alpine:          sudo apk add redis
    macOS:           brew install redis";

/// A `redis-server` (7 or later) on a free port of this machine. It keeps its data in memory and is killed on drop.
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
    /// The text that appears in the log when the server is ready.
    fn ready(self) -> &'static str {
        match self {
            Self::Server => "Ready to accept connections",
            Self::Sentinel => "Sentinel ID is",
        }
    }
}

struct Process {
    child: Child,
    /// Kept open, so that the server can go on writing to its log.
    _log: BufReader<ChildStdout>,
}

impl RedisServer {
    /// Starts a server and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If there is no `redis-server` on this machine. The message says how to install it.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with more options, such as `["--cluster-enabled", "yes"]`.
    ///
    /// # Panics
    ///
    /// Like [`start`](Self::start).
    pub fn start_with(options: &[&str]) -> Self {
        Self::start_kind(Kind::Server, &|| options.iter().map(ToString::to_string).collect())
    }

    /// Starts a server with options that contain a second free port. Each attempt gets another one.
    pub(crate) fn start_with_port(options: impl Fn(u16) -> Vec<String>) -> Self {
        Self::start_kind(Kind::Server, &|| options(free_port()))
    }

    /// Starts a sentinel that does not monitor any server yet.
    ///
    /// # Panics
    ///
    /// Like [`start`](Self::start).
    pub fn start_sentinel() -> Self {
        Self::start_kind(Kind::Sentinel, &Vec::new)
    }

    fn start_kind(kind: Kind, options: &dyn Fn() -> Vec<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("jwt-auth-redis-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("the folder for temporary files is writable");
        let mut server = Self { kind, port: 0, folder, options: Vec::new(), process: None };
        // Another process may take the port in the meantime.
        for _ in 0..5 {
            server.port = free_port();
            server.options = options();
            match server.spawn() {
                Ok(()) => return server,
                Err(log) => eprintln!("redis-server did not start on port {}:\n{log}", server.port),
            }
        }
        panic!("redis-server did not start: see its log above");
    }

    /// Returns the URL of the server.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Returns the port of the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Kills the server. Data that was not saved with `SAVE` is lost.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.child.kill().expect("a child can be killed");
            process.child.wait().expect("a killed child exits");
        }
    }

    /// Restarts the server on the same port, with the data that was saved.
    pub fn restart(&mut self) {
        self.stop();
        self.spawn().unwrap_or_else(|log| panic!("redis-server did not restart:\n{log}"));
    }

    /// Suspends the server: it still accepts connections but does not answer, like a machine that hangs.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Resumes the server, which first handles the requests that arrived in the meantime.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Runs a command on a new connection.
    pub fn query<T: FromRedisValue>(&self, command: &Cmd) -> T {
        let client = redis::Client::open(self.url()).expect("the URL is valid");
        let mut connection = client.get_connection().expect("the server responds");
        command.query(&mut connection).expect("the command is valid")
    }

    /// Runs a command and ignores the reply: `server.run("CLIENT KILL TYPE normal")`.
    pub fn run(&self, command: &str) {
        let _: redis::Value = self.query(&words(command));
    }

    /// Runs a command whose reply is text: `server.ask("INFO replication")`.
    pub fn ask(&self, command: &str) -> String {
        self.query(&words(command))
    }

    /// Returns the keys of sessions: all keys except the revocation streams and their retention.
    pub fn session_keys(&self) -> Vec<String> {
        let keys: Vec<String> = self.query(redis::cmd("KEYS").arg("*"));
        let is_stream = |key: &String| key.ends_with(":revocations") || key.ends_with(":retention");
        keys.into_iter().filter(|key| !is_stream(key)).collect()
    }

    /// Returns the key of the revocation stream that belongs to the first session key.
    pub fn stream_key(&self) -> String {
        let keys = self.session_keys();
        let tag = keys.first().and_then(|key| key.find('}').map(|end| &key[..=end]));
        format!("{}:revocations", tag.expect("there is a session"))
    }

    /// Waits until this replica is in sync with its master.
    pub fn wait_until_in_sync(&self) {
        until("the replica is in sync", || self.ask("INFO replication").contains("master_link_status:up"));
    }

    fn spawn(&mut self) -> Result<(), String> {
        let mut command = Command::new("redis-server");
        if let Kind::Sentinel = self.kind {
            // A sentinel writes its state to its configuration file.
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
        assert!(begin.elapsed() < Duration::from_secs(30), "not within half a minute: {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Returns a free port.
///
/// # Panics
///
/// If this machine has no free port.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
    listener.local_addr().expect("a listener has an address").port()
}
