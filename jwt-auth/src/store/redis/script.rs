//! Lua scripts. Each of them is one atomic step of the store.

use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, Script, ServerErrorKind, ToRedisArgs};

use super::link::Link;

/// A script, which takes keys of one slot and arguments.
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

/// Creates a step from Lua files, each of which can use the functions of the files before it. With `full`, the script
/// also runs when the memory of Redis is full, when Redis would otherwise reject its writes. This is for steps that
/// free more memory than they take, or that take no more than one entry.
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

    /// Returns the command that calls the script by its hash, which a restarted server does not know.
    pub(super) fn evalsha(&self) -> Cmd {
        self.cmd("EVALSHA", self.step.script.get_hash())
    }

    /// Returns the command that calls the script by its text, which the server then remembers.
    pub(super) fn eval(&self) -> Cmd {
        self.cmd("EVAL", self.step.text)
    }

    fn cmd(&self, name: &str, script: &str) -> Cmd {
        let mut cmd = redis::cmd(name);
        cmd.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        cmd
    }
}

/// Returns whether a call failed because the server does not know the hash of its script.
pub(super) fn is_unknown_script(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

/// A command or a script call, which takes one round trip.
pub(crate) enum Command<'a> {
    Script(&'a Call<'a>),
    Single(Cmd),
}

impl Command<'_> {
    pub(super) async fn send<T: FromRedisValue>(&self, link: &mut Link) -> RedisResult<T> {
        match self {
            // `SCRIPT LOAD` would take another round trip and, in a cluster, go to every node.
            Self::Script(call) => match call.evalsha().query_async(link).await {
                Err(error) if is_unknown_script(&error) => call.eval().query_async(link).await,
                answer => answer,
            },
            Self::Single(command) => command.query_async(link).await,
        }
    }
}
