//! Revocations that are answered when replicas have them: the setting `wait_replicas`.

use std::sync::Arc;
use std::time::Duration;

use redis::{FromRedisValue, Value, from_redis_value};

use super::connection::Connection;
use super::script::Call;
use crate::error::StoreError;

/// A connection of its own, since `WAIT` holds up whatever comes after it.
pub(super) struct Replicas {
    connection: Arc<Connection>,
    wanted: usize,
    timeout: Duration,
}

impl Replicas {
    /// `timeout` is for the whole of it.
    pub(super) fn new(connection: Arc<Connection>, wanted: usize, timeout: Duration) -> Self {
        Self { connection, wanted, timeout }
    }

    /// Runs a step, and waits until replicas have it. The write to `mark` comes first, so that there is
    /// one to wait for when an earlier try had done the step already.
    ///
    /// # Errors
    ///
    /// Fewer have it in time. The step was done all the same.
    pub(super) async fn run<T: FromRedisValue>(&self, mark: &str, call: &Call<'_>) -> Result<T, StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("SET").arg(mark).arg(1).arg("PX").arg(1_000);
        pipeline.add_command(call.eval());
        pipeline.cmd("WAIT").arg(self.wanted).arg(self.patience().as_millis().max(1) as u64);

        let pipeline = &pipeline;
        let ask = |mut link: super::link::Link| async move { link.pipeline(mark, pipeline.clone()).await };
        let answers = self.connection.with_link(ask).await?;
        let [_, answer, acknowledged]: [Value; 3] = answers
            .try_into()
            .map_err(|_| StoreError::Corrupt("another number of answers than of questions"))?;
        let answer = answer.extract_error().and_then(|answer| Ok(from_redis_value(answer)?));
        let answer: T = answer.map_err(StoreError::new)?;
        let acknowledged = acknowledged.extract_error().and_then(|count| Ok(from_redis_value(count)?));
        match acknowledged.map_err(StoreError::new)? {
            acknowledged if acknowledged >= self.wanted => Ok(answer),
            acknowledged => Err(StoreError::Unreplicated { acknowledged, wanted: self.wanted }),
        }
    }

    /// How long Redis waits. Half the timeout: its answer must come in time too.
    fn patience(&self) -> Duration {
        self.timeout / 2
    }
}
