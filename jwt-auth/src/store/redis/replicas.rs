//! Logouts that wait for replicas: the setting `wait_replicas`.

use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, FromRedisValue, RedisError, RedisResult, Value, from_redis_value};

use super::connection::Connection;
use super::link::Link;
use super::script::{Call, is_unknown_script};
use crate::error::StoreError;

/// Runs scripts and waits for replicas. It has its own connection because `WAIT` blocks all commands after it.
pub(super) struct Replicas {
    connection: Arc<Connection>,
    wanted: usize,
    patience: Duration,
}

impl Replicas {
    /// Creates a runner. `timeout` is the time limit for one answer of Redis. `WAIT` may take a quarter of it, so that
    /// its answer arrives in time, even in a cluster, where a node has only a third of the limit to answer.
    pub(super) fn new(connection: Arc<Connection>, wanted: usize, timeout: Duration) -> Self {
        Self { connection, wanted, patience: timeout / 4 }
    }

    /// Runs a script that writes, and waits until enough replicas have the write. They then also have all earlier
    /// writes, including those of an earlier attempt. The script and `WAIT` go over the same connection in one round
    /// trip, so a new master that never saw the write cannot acknowledge it.
    ///
    /// # Errors
    ///
    /// Returns [`StoreError::Unreplicated`] if too few replicas acknowledged the write in time. The master has it
    /// anyway.
    pub(super) async fn run<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, StoreError> {
        let ask = |link: Link| async move {
            match self.send(link.clone(), call, call.evalsha()).await {
                Err(error) if is_unknown_script(&error) => self.send(link, call, call.eval()).await,
                answers => answers,
            }
        };
        let (answer, acknowledged) = self.connection.with_link(ask).await?;
        match acknowledged {
            acknowledged if acknowledged >= self.wanted => Ok(answer),
            acknowledged => Err(StoreError::Unreplicated { acknowledged, wanted: self.wanted }),
        }
    }

    async fn send<T: FromRedisValue>(
        &self,
        mut link: Link,
        call: &Call<'_>,
        script: Cmd,
    ) -> RedisResult<(T, usize)> {
        let mut pipeline = redis::pipe();
        pipeline.add_command(script);
        pipeline.cmd("WAIT").arg(self.wanted).arg(self.patience.as_millis().max(1) as u64);
        let answers = link.pipeline(call.key(), &pipeline).await?;
        // A pipeline returns the error of one command as a value. That error also shows whether the link is broken.
        let mut answers = answers.into_iter().map(Value::extract_error);
        let mut next = || answers.next().unwrap_or_else(|| Err(ODD.into()));
        let (answer, acknowledged) = (next()?, next()?);
        Ok((read(answer)?, read(acknowledged)?))
    }
}

const ODD: (redis::ErrorKind, &str) =
    (redis::ErrorKind::UnexpectedReturnType, "the script or WAIT was not answered");

fn read<T: FromRedisValue>(value: Value) -> RedisResult<T> {
    from_redis_value(value).map_err(RedisError::from)
}
