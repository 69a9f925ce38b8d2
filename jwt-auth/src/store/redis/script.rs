//! Scripts: each is one atomic step of the store.

use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, Script, ServerErrorKind, ToRedisArgs};

use super::link::Link;

/// A script. It is called with keys of one slot, and arguments.
pub(crate) struct Step {
    text: &'static str,
    script: Script,
}

/// A call of a step.
pub(crate) struct Call<'a> {
    step: &'a Step,
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
}

/// A step whose script can use the functions of other files. With `full`, it also runs in a Redis that is full, for steps
/// that free more memory than they take, or that take no more than an entry. Otherwise, Redis would reject their writes.
macro_rules! step {
    (full, $($file:literal),+) => {
        Step::new(concat!("#!lua flags=allow-oom\n", $(include_str!($file)),+))
    };
    ($($file:literal),+) => {
        Step::new(concat!($(include_str!($file)),+))
    };
}
pub(super) use step;

impl Step {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text, script: Script::new(text) }
    }

    pub(crate) fn on(&self, keys: impl IntoIterator<Item = String>) -> Call<'_> {
        Call { step: self, keys: keys.into_iter().collect(), args: Vec::new() }
    }
}

impl Call<'_> {
    pub(crate) fn arg(mut self, arg: impl ToRedisArgs) -> Self {
        self.args.extend(arg.to_redis_args());
        self
    }

    pub(crate) fn command(&self) -> Command<'_> {
        Command::Script(self)
    }

    /// Returns the first key.
    pub(super) fn key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    /// Calls the script by its hash, which a restarted server does not know.
    pub(super) fn evalsha(&self) -> Cmd {
        self.cmd("EVALSHA", self.step.script.get_hash())
    }

    /// Calls the script by its text, which the server then remembers.
    pub(super) fn eval(&self) -> Cmd {
        self.cmd("EVAL", self.step.text)
    }

    fn cmd(&self, name: &str, script: &str) -> Cmd {
        let mut cmd = redis::cmd(name);
        cmd.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        cmd
    }
}

/// Whether the server does not know a script by its hash.
pub(super) fn is_unknown_script(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// What takes one round trip.
pub(crate) enum Command<'a> {
    Script(&'a Call<'a>),
    Single(Cmd),
}

impl Command<'_> {
    pub(super) async fn send<T: FromRedisValue>(&self, link: &mut Link) -> RedisResult<T> {
        match self {
            // Not SCRIPT LOAD, which takes another round trip and, in a cluster, asks every node.
            Self::Script(call) => match call.evalsha().query_async(link).await {
                Err(error) if is_unknown_script(&error) => call.eval().query_async(link).await,
                answer => answer,
            },
            Self::Single(command) => command.query_async(link).await,
        }
    }
}
