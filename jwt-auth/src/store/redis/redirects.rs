//! Commands to a cluster while it moves their slot from one node to another.
//!
//! The old node answers `ASK` for a key that has already moved, and the new node accepts a command for that key only
//! right after `ASKING`. The client library follows this redirect, but sends `ASKING` and the command separately, over
//! a connection that all requests share. Under load, the command of another request comes between them, and the client
//! gives up after a few attempts. Here, both are sent as one pipeline.

use redis::aio::ConnectionLike;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{Route, SingleNodeRoutingInfo, SlotAddr};
use redis::{Cmd, ErrorKind, Pipeline, RedisError, RedisResult, ServerErrorKind, Value};

/// The maximum number of times that a command is sent again.
const ATTEMPTS: usize = 4;

/// Runs a command on the node that has its keys.
pub(super) async fn command(connection: &mut ClusterConnection, command: &Cmd) -> RedisResult<Value> {
    let mut answer = connection.req_packed_command(command).await;
    for _ in 0..ATTEMPTS {
        answer = match redirect(&answer) {
            None => break,
            Some(Redirect::Again) => connection.req_packed_command(command).await,
            Some(Redirect::Ask(node)) => {
                let mut alone = Pipeline::new();
                alone.add_command(command.clone());
                ask(connection, node, &alone, 1).await.and_then(one)
            }
        };
    }
    answer
}

/// Runs a pipeline on one connection to the node that has `key`. Only the first command may have keys.
pub(super) async fn pipeline(
    connection: &mut ClusterConnection,
    key: &str,
    pipeline: &Pipeline,
) -> RedisResult<Vec<Value>> {
    let count = pipeline.len();
    let route = || SingleNodeRoutingInfo::SpecificNode(Route::with_key(key, SlotAddr::Master));
    let mut answer = connection.route_pipeline(pipeline.clone(), 0, count, route()).await;
    for _ in 0..ATTEMPTS {
        answer = match redirect(&answer) {
            None => break,
            Some(Redirect::Again) => connection.route_pipeline(pipeline.clone(), 0, count, route()).await,
            Some(Redirect::Ask(node)) => ask(connection, node, pipeline, count).await,
        };
    }
    answer
}

/// The location of a key according to an error.
enum Redirect {
    /// On the node that the client chooses next, because it now knows of the move.
    Again,
    /// On this node, for now.
    Ask(SingleNodeRoutingInfo),
}

fn redirect<T>(answer: &RedisResult<T>) -> Option<Redirect> {
    let error = answer.as_ref().err()?;
    match error.kind() {
        ErrorKind::Server(ServerErrorKind::Moved) => Some(Redirect::Again),
        ErrorKind::Server(ServerErrorKind::Ask) => {
            let (host, port) = error.redirect_node()?.0.rsplit_once(':')?;
            let (host, port) = (host.to_owned(), port.parse().ok()?);
            Some(Redirect::Ask(SingleNodeRoutingInfo::ByAddress { host, port }))
        }
        _ => None,
    }
}

async fn ask(
    connection: &mut ClusterConnection,
    node: SingleNodeRoutingInfo,
    pipeline: &Pipeline,
    count: usize,
) -> RedisResult<Vec<Value>> {
    let mut asking = Pipeline::with_capacity(1 + count);
    asking.cmd("ASKING");
    for command in pipeline.cmd_iter() {
        asking.add_command(command.clone());
    }
    connection.route_pipeline(asking, 1, count, node).await
}

fn one(answers: Vec<Value>) -> RedisResult<Value> {
    const ODD: (ErrorKind, &str) = (ErrorKind::UnexpectedReturnType, "the command was not answered");
    answers.into_iter().next().ok_or_else(|| RedisError::from(ODD))
}
