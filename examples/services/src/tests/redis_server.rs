//! A Redis server for one test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// A `redis-server` on a free port. Dropping it stops it.
pub struct RedisServer {
    port: u16,
    process: Child,
}

impl RedisServer {
    pub fn start() -> Self {
        // Another process can take the port in the meantime.
        (0..5).find_map(|_| Self::start_on(free_port())).expect("redis-server starts")
    }

    /// Returns the server once it is ready, or `None` if the port is taken.
    fn start_on(port: u16) -> Option<Self> {
        let mut process = Command::new("redis-server")
            .args(["--save", "", "--bind", "127.0.0.1", "--port", &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is installed");
        let log = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut lines = log.lines().map_while(Result::ok);
        lines.any(|line| line.contains("Ready to accept connections")).then_some(Self { port, process })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("a listener has an address").port()
}
