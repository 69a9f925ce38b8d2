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
/// that frees more than it takes. What it takes first, for the stream, would be refused otherwise.
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

impl<'a> Call<'a> {
    pub(super) fn arg(mut self, arg: impl ToRedisArgs) -> Self {
        self.args.extend(arg.to_redis_args());
        self
    }

    /// By its hash; the text is only sent to a server that does not know it.
    pub(super) fn command(&self) -> Command<'a> {
        let mut invocation = self.step.script.prepare_invoke();
        invocation.key(&self.keys).arg(&self.args);
        Command::Script(invocation)
    }

    /// By its text, for a pipeline: there a server that does not know its hash could not be told.
    pub(super) fn eval(&self) -> Cmd {
        let mut eval = redis::cmd("EVAL");
        eval.arg(self.step.text).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        eval
    }
}
