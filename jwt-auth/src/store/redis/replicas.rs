//! Logouts that are answered when replicas have them: the setting `wait_replicas`.

use std::sync::Arc;
use std::time::Duration;

use redis::{RedisResult, Value, from_redis_value};

use super::connection::Connection;
use super::link::Link;
use crate::error::StoreError;

/// A connection of its own, since `WAIT` holds up whatever comes after it.
pub(super) struct Replicas {
    connection: Arc<Connection>,
    wanted: usize,
    patience: Duration,
}

impl Replicas {
    /// `timeout` is for one answer of Redis. `WAIT` is given a quarter, so that its own answer comes in time,
    /// also from a node of a cluster, which has a third.
    pub(super) fn new(connection: Arc<Connection>, wanted: usize, timeout: Duration) -> Self {
        Self { connection, wanted, patience: timeout / 4 }
    }

    /// Waits until replicas have what was written before: what they have of the write to `mark`, they have of
    /// that, also if it was an earlier try that wrote it.
    ///
    /// # Errors
    ///
    /// Fewer have it in time. The master has it all the same.
    pub(super) async fn wait(&self, mark: &str) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("EVAL").arg(include_str!("mark.lua")).arg(1).arg(mark);
        pipeline.cmd("WAIT").arg(self.wanted).arg(self.patience.as_millis().max(1) as u64);
        let pipeline = &pipeline;
        let ask = |mut link: Link| async move {
            let answers = link.pipeline(mark, pipeline.clone()).await?;
            // An error of one command is an answer of the pipeline: it says as well that the link is spent.
            answers.into_iter().map(Value::extract_error).collect::<RedisResult<Vec<Value>>>()
        };
        let answers = self.connection.with_link(ask).await?;
        let acknowledged = answers.into_iter().nth(1).ok_or(StoreError::Corrupt("no answer to WAIT"))?;
        match from_redis_value(acknowledged)
            .map_err(|error| StoreError::new(redis::RedisError::from(error)))?
        {
            acknowledged if acknowledged >= self.wanted => Ok(()),
            acknowledged => Err(StoreError::Unreplicated { acknowledged, wanted: self.wanted }),
        }
    }
}
