//! Logouts that wait for replicas: the setting `wait_replicas`.

use std::sync::Arc;
use std::time::Duration;

use redis::{RedisResult, Value, from_redis_value};

use super::connection::Connection;
use super::link::Link;
use crate::error::StoreError;

/// A separate connection, since `WAIT` blocks everything after it.
pub(super) struct Replicas {
    connection: Arc<Connection>,
    wanted: usize,
    patience: Duration,
}

impl Replicas {
    /// `timeout` limits one answer of Redis. `WAIT` gets a quarter of it, so that its own answer comes in time, also from
    /// a node of a cluster, which gets a third.
    pub(super) fn new(connection: Arc<Connection>, wanted: usize, timeout: Duration) -> Self {
        Self { connection, wanted, patience: timeout / 4 }
    }

    /// Waits until replicas have everything that was written before: once they have this write to `mark`, they have all
    /// earlier ones, also those of an earlier attempt.
    ///
    /// # Errors
    ///
    /// Too few acknowledged it in time. The master has it nevertheless.
    pub(super) async fn wait(&self, mark: &str) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("EVAL").arg(include_str!("mark.lua")).arg(1).arg(mark);
        pipeline.cmd("WAIT").arg(self.wanted).arg(self.patience.as_millis().max(1) as u64);
        let pipeline = &pipeline;
        let ask = |mut link: Link| async move {
            let answers = link.pipeline(mark, pipeline.clone()).await?;
            // The error of one command is an answer of the pipeline. It also shows whether the link is broken.
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
