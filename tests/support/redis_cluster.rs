//! A real Redis Cluster on this machine, for a single test.

use crate::RedisServer;
use crate::redis_server::until;

const MASTERS: usize = 3;
const SLOTS: usize = 16_384;

/// Three masters with one replica each. At first, the masters are the first three nodes.
pub struct RedisCluster {
    /// The nodes. The replica of node `n` is node `n + 3`.
    pub nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// Starts a cluster and waits until it accepts commands. A master that is down for a second is replaced by its
    /// replica.
    pub fn start() -> Self {
        let cluster = Self { nodes: (0..2 * MASTERS).map(|_| start_node()).collect() };
        let first = &cluster.nodes[0];
        for node in cluster.nodes.iter().skip(1) {
            let setting: Vec<String> = node.query(redis::cmd("CONFIG").arg("GET").arg("cluster-port"));
            first.run(&format!("CLUSTER MEET 127.0.0.1 {} {}", node.port(), setting[1]));
        }
        cluster.wait("every node knows every other", |node| {
            node.ask("CLUSTER INFO").contains("cluster_known_nodes:6")
        });
        for (n, master) in cluster.nodes[..MASTERS].iter().enumerate() {
            let (begin, end) = (n * SLOTS / MASTERS, (n + 1) * SLOTS / MASTERS - 1);
            master.run(&format!("CLUSTER ADDSLOTSRANGE {begin} {end}"));
            cluster.nodes[n + MASTERS].run(&format!("CLUSTER REPLICATE {}", master.ask("CLUSTER MYID")));
        }
        cluster.wait("the cluster is up", |node| {
            let info = node.ask("CLUSTER INFO");
            info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384")
        });
        for replica in &cluster.nodes[MASTERS..] {
            replica.wait_until_in_sync();
        }
        cluster
    }

    /// Returns the URLs of the nodes.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(RedisServer::url).collect()
    }

    /// Waits until the replica of node `n` has become a master.
    pub fn wait_for_failover(&self, n: usize) {
        let replica = &self.nodes[n + MASTERS];
        until("the replica takes over", || replica.ask("INFO replication").contains("role:master"));
    }

    /// Starts moving the slot of a key from its master to another one.
    pub fn begin_migration(&self, key: &str) -> Migration<'_> {
        let slot: usize = self.nodes[0].query(redis::cmd("CLUSTER").arg("KEYSLOT").arg(key));
        let has = |n: &usize| (n * SLOTS / MASTERS..(n + 1) * SLOTS / MASTERS).contains(&slot);
        let from = (0..MASTERS).find(has).expect("every slot has a master");
        let (from, to) = (&self.nodes[from], &self.nodes[(from + 1) % MASTERS]);
        let [from_id, to_id] = [from, to].map(|node| node.ask("CLUSTER MYID"));
        to.run(&format!("CLUSTER SETSLOT {slot} IMPORTING {from_id}"));
        from.run(&format!("CLUSTER SETSLOT {slot} MIGRATING {to_id}"));
        Migration { cluster: self, slot, from, to }
    }

    fn wait(&self, what: &str, holds: impl Fn(&RedisServer) -> bool) {
        until(what, || self.nodes.iter().all(&holds));
    }
}

fn start_node() -> RedisServer {
    RedisServer::start_with_port(|bus| {
        let options = [
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "1000",
            // The other shards keep working when one is unavailable.
            "--cluster-require-full-coverage",
            "no",
            "--repl-diskless-sync-delay",
            "0",
            "--cluster-port",
        ];
        options.iter().map(ToString::to_string).chain([bus.to_string()]).collect()
    })
}

/// A slot on its way from one master to another, key by key.
pub struct Migration<'a> {
    cluster: &'a RedisCluster,
    slot: usize,
    from: &'a RedisServer,
    to: &'a RedisServer,
}

impl Migration<'_> {
    /// Moves the keys that `of` selects.
    pub fn move_keys(&self, of: impl Fn(&str) -> bool) {
        let all: Vec<String> =
            self.from.query(redis::cmd("CLUSTER").arg("GETKEYSINSLOT").arg(self.slot).arg(100_000));
        let port = self.to.port();
        for key in all.iter().filter(|key| of(key)) {
            self.from.run(&format!("MIGRATE 127.0.0.1 {port} {key} 0 5000"));
        }
    }

    /// Moves the remaining keys and hands over the slot.
    pub fn finish(self) {
        self.move_keys(|_| true);
        let to = self.to.ask("CLUSTER MYID");
        for node in [self.to, self.from] {
            node.run(&format!("CLUSTER SETSLOT {} NODE {to}", self.slot));
        }
        let masters = &self.cluster.nodes[..MASTERS];
        until("the masters know about the move", || {
            let mine = |node: &RedisServer| node.ask("CLUSTER NODES");
            masters.iter().all(|node| mine(node).lines().any(|line| owns(line, &to, self.slot)))
        });
    }
}

/// Whether a line of `CLUSTER NODES` says that a node owns a slot.
fn owns(line: &str, node: &str, slot: usize) -> bool {
    let ranges = line.split(' ').skip(8).filter(|range| !range.starts_with('['));
    let contains = |range: &str| {
        let (begin, end) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| text.parse().unwrap_or(usize::MAX);
        (number(begin)..=number(end)).contains(&slot)
    };
    line.starts_with(node) && ranges.into_iter().any(contains)
}
