//! A real Redis Cluster on this machine, for one test.

use crate::RedisServer;
use crate::redis_server::{free_port, until};

const MASTERS: usize = 3;
const SLOTS: usize = 16_384;

/// Three masters, each with a replica. The first three nodes begin as the masters.
pub struct RedisCluster {
    /// The nodes: the replica of node `n` is node `n + 3`.
    pub nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// Starts one, and waits until it takes commands. A master that is gone for a second is replaced by
    /// its replica.
    pub fn start() -> Self {
        let (nodes, buses): (Vec<RedisServer>, Vec<String>) = (0..2 * MASTERS)
            .map(|_| {
                let bus = free_port().to_string();
                let node = RedisServer::start_with(&[
                    "--cluster-enabled",
                    "yes",
                    "--cluster-port",
                    &bus,
                    "--cluster-node-timeout",
                    "1000",
                    // The other shards keep working when one is unavailable.
                    "--cluster-require-full-coverage",
                    "no",
                    "--repl-diskless-sync-delay",
                    "0",
                ]);
                (node, bus)
            })
            .unzip();
        let cluster = Self { nodes };
        let first = &cluster.nodes[0];
        for (node, bus) in cluster.nodes.iter().zip(&buses).skip(1) {
            first.run(&format!("CLUSTER MEET 127.0.0.1 {} {bus}", node.port()));
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
            replica.wait_until_in_step();
        }
        cluster
    }

    /// The URLs of its nodes.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(RedisServer::url).collect()
    }

    /// Waits until the replica of node `n` is a master.
    pub fn wait_for_failover(&self, n: usize) {
        let replica = &self.nodes[n + MASTERS];
        until("the replica takes over", || replica.ask("INFO replication").contains("role:master"));
    }

    fn wait(&self, what: &str, holds: impl Fn(&RedisServer) -> bool) {
        until(what, || self.nodes.iter().all(&holds));
    }
}
