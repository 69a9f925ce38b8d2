//! A connection to a Redis server or to a Redis Cluster.

use std::collections::{BTreeSet, HashMap};

use redis::aio::{ConnectionLike, MultiplexedConnection};
#[cfg(feature = "cluster")]
use redis::cluster_async::ClusterConnection;
use redis::{Cmd, Pipeline, RedisFuture, RedisResult, Value};
#[cfg(feature = "cluster")]
use rocket::futures::FutureExt;

#[cfg(feature = "cluster")]
use super::redirects;

/// A connection that many requests use at once. Clones share it.
#[derive(Clone)]
pub(super) enum Link {
    Single(MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(ClusterConnection),
}

impl Link {
    /// Subscribes to `channel`. Messages go to the sender that the link was created with.
    pub(super) async fn subscribe(&mut self, channel: &str) -> RedisResult<()> {
        match self {
            Self::Single(connection) => connection.subscribe(channel).await,
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.subscribe(channel).await,
        }
    }

    pub(super) fn is_cluster(&self) -> bool {
        match self {
            Self::Single(_) => false,
            #[cfg(feature = "cluster")]
            Self::Cluster(_) => true,
        }
    }

    /// Returns the value of a Redis setting or, in a cluster, the values on all masters that reveal it.
    pub(super) async fn setting(&mut self, name: &str) -> RedisResult<BTreeSet<String>> {
        type Settings = HashMap<String, String>;

        let mut command = redis::cmd("CONFIG");
        command.arg("GET").arg(name);
        let servers: Vec<Settings> = match self {
            Self::Single(connection) => vec![command.query_async(connection).await?],
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => {
                use redis::cluster_routing::{MultipleNodeRoutingInfo::AllMasters, RoutingInfo};

                // By default, the client asks one random node.
                let masters = RoutingInfo::MultiNode((AllMasters, None));
                let answers = connection.route_command(command, masters).await?;
                let by_address: HashMap<String, Value> = redis::from_redis_value(answers)?;
                by_address.into_values().filter_map(|answer| redis::from_redis_value(answer).ok()).collect()
            }
        };
        Ok(servers.into_iter().filter_map(|mut settings| settings.remove(name)).collect())
    }

    /// Runs a pipeline on one connection to the server that has `key`.
    #[cfg_attr(not(feature = "cluster"), expect(unused_variables, reason = "there is only one server"))]
    pub(super) async fn pipeline(&mut self, key: &str, pipeline: &Pipeline) -> RedisResult<Vec<Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(pipeline, 0, pipeline.len()).await,
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => redirects::pipeline(connection, key, pipeline).await,
        }
    }
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(connection) => connection.req_packed_command(cmd),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => redirects::command(connection, cmd).boxed(),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        cmd: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(cmd, offset, count),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.req_packed_commands(cmd, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(connection) => connection.get_db(),
            #[cfg(feature = "cluster")]
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}
