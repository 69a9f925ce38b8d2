//! A Redis server for one test.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

/// A `redis-server` on a free port. Dropping it stops it.
pub struct RedisServer {
    port: u16,
    directory: PathBuf,
    process: Child,
}

impl RedisServer {
    pub fn start() -> Self {
        // Another process can take the port in the meantime.
        (0..5).find_map(|_| Self::start_on(free_port())).expect("redis-server starts")
    }

    fn start_on(port: u16) -> Option<Self> {
        let directory = env::temp_dir().join(format!("example-app-redis-{port}"));
        fs::create_dir_all(&directory).expect("the directory for temporary files is writable");
        let process = spawn(port, &directory)?;
        Some(Self { port, directory, process })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Runs a command, and waits until it is done.
    pub fn command(&self, command: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("Redis accepts connections");
        write!(stream, "{command}\r\n").expect("Redis reads");
        let mut reply = String::new();
        BufReader::new(stream).read_line(&mut reply).expect("Redis replies");
        assert_eq!(reply, "+OK\r\n", "{command}");
    }

    /// Stops the server. It keeps only data that was saved.
    pub fn stop(&mut self) {
        self.process.kill().expect("the server runs");
        self.process.wait().expect("a killed process ends");
    }

    /// Starts the server again after [`stop`](Self::stop).
    pub fn restart(&mut self) {
        self.process = spawn(self.port, &self.directory).expect("redis-server starts again");
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Starts a server, and waits until it is ready. Returns `None` if the port is taken.
fn spawn(port: u16, directory: &PathBuf) -> Option<Child> {
    let mut process = Command::new("redis-server")
        .args(["--save", "", "--bind", "127.0.0.1", "--port", &port.to_string()])
        .arg("--dir")
        .arg(directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("redis-server is installed");
    let log = process.stdout.take().expect("stdout is piped");
    let mut lines = BufReader::new(log).lines().map_while(Result::ok);
    lines.any(|line| line.contains("Ready to accept connections")).then_some(process)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("a listener has an address").port()
}
