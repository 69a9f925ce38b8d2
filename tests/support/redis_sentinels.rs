//! A real Redis that sentinels monitor, for a single test.

use std::collections::BTreeMap;

use crate::RedisServer;
use crate::redis_server::until;

/// The name of the master in the sentinels' configuration.
const MASTER: &str = "sessions";

/// A master, two replicas and three sentinels. At first, the master is the first server.
pub struct RedisSentinels {
    /// The servers that hold data.
    pub servers: Vec<RedisServer>,
    /// The sentinels that monitor them.
    pub sentinels: Vec<RedisServer>,
}

impl RedisSentinels {
    /// Starts all of them and waits until the sentinels know each other and the replicas. A master that is down for half
    /// a second is replaced.
    pub fn start() -> Self {
        let master = RedisServer::start();
        let port = master.port().to_string();
        let replica = || {
            RedisServer::start_with(&["--replicaof", "127.0.0.1", &port, "--repl-diskless-sync-delay", "0"])
        };
        let servers = vec![master, replica(), replica()];
        let sentinels: Vec<RedisServer> = (0..3).map(|_| RedisServer::start_sentinel()).collect();
        for sentinel in &sentinels {
            sentinel.run(&format!("SENTINEL MONITOR {MASTER} 127.0.0.1 {port} 2"));
            sentinel.run(&format!("SENTINEL SET {MASTER} down-after-milliseconds 500 failover-timeout 3000"));
        }
        for replica in &servers[1..] {
            replica.wait_until_in_sync();
        }
        for sentinel in &sentinels {
            until("the sentinels know each other and the replicas", || {
                let master: BTreeMap<String, String> =
                    sentinel.query(redis::cmd("SENTINEL").arg("MASTER").arg(MASTER));
                master["num-slaves"] == "2"
                    && master["num-other-sentinels"] == "2"
                    && master["flags"] == "master"
            });
        }
        Self { servers, sentinels }
    }

    /// Returns the value of the setting `redis`.
    pub fn setting(&self) -> serde_json::Value {
        let sentinels: Vec<String> =
            self.sentinels.iter().map(|sentinel| format!("redis://127.0.0.1:{}", sentinel.port())).collect();
        serde_json::json!({ "sentinels": sentinels, "master": MASTER })
    }
}
