//! What is logged, for tests of messages and of secrets.

use std::cell::RefCell;
use std::sync::Once;

use log::{LevelFilter, Metadata, Record};

thread_local! {
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// What this thread logs, from [`Log::capture`] on.
pub struct Log(());

impl Log {
    /// Takes the place of Rocket's logger, which must not have been set. Every app of a
    /// [`Setup`](crate::Setup) does this.
    pub fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            log::set_logger(&Logger).expect("no logger is set before the first test app");
            log::set_max_level(LevelFilter::Trace);
        });
    }

    /// Begins to keep what is logged.
    pub fn capture() -> Self {
        Self::install();
        LINES.set(Some(Vec::new()));
        Self(())
    }

    /// What was logged, at every level.
    pub fn text(&self) -> String {
        LINES.with_borrow(|lines| lines.as_ref().map(|lines| lines.join("\n")).unwrap_or_default())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = || format!("{} {}: {}", record.level(), record.target(), record.args());
        // Not while it is borrowed, and not when the thread is ending.
        let _ = LINES.try_with(|lines| {
            if let Ok(mut lines) = lines.try_borrow_mut()
                && let Some(lines) = lines.as_mut()
            {
                lines.push(line());
            }
        });
    }

    fn flush(&self) {}
}
