//! The scripts that change something, each one step of the store.

use redis::{Cmd, Script, ToRedisArgs};

use super::connection::Command;

/// A script, and what it is called with: keys of one slot, and arguments.
pub(super) struct Step {
    text: &'static str,
    script: Script,
}

/// One call of a step.
pub(super) struct Call<'a> {
    step: &'a Step,
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
}

/// A step that revokes, and can use what `common.lua` has. With `full`, also in a Redis that is full: a step
/// that frees more than it takes, or takes no more than an entry. What it takes for the stream would be refused
/// otherwise.
macro_rules! revoking {
    ($file:literal) => {
        Step::new(concat!(include_str!("common.lua"), include_str!($file)))
    };
    (full, $file:literal) => {
        Step::new(concat!("#!lua flags=allow-oom\n", include_str!("common.lua"), include_str!($file)))
    };
}
pub(super) use revoking;

impl Step {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text, script: Script::new(text) }
    }

    pub(super) fn on(&self, keys: impl IntoIterator<Item = String>) -> Call<'_> {
        Call { step: self, keys: keys.into_iter().collect(), args: Vec::new() }
    }
}

impl Call<'_> {
    pub(super) fn arg(mut self, arg: impl ToRedisArgs) -> Self {
        self.args.extend(arg.to_redis_args());
        self
    }

    pub(super) fn command(&self) -> Command<'_> {
        Command::Script(self)
    }

    /// By its hash. A server that was restarted does not know it.
    pub(super) fn evalsha(&self) -> Cmd {
        self.cmd("EVALSHA", self.step.script.get_hash())
    }

    /// By its text, which the server then knows.
    pub(super) fn eval(&self) -> Cmd {
        self.cmd("EVAL", self.step.text)
    }

    fn cmd(&self, name: &str, script: &str) -> Cmd {
        let mut cmd = redis::cmd(name);
        cmd.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        cmd
    }
}
