//! Captured log output, for tests of log messages and of secrecy.

use std::cell::RefCell;
use std::sync::Once;

use log::{LevelFilter, Metadata, Record};

thread_local! {
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The log output of this thread since [`Log::capture`].
pub struct Log(());

impl Log {
    /// Installs a logger in place of Rocket's, which must not be installed yet. Every app of a [`Setup`](crate::Setup)
    /// does this.
    pub fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            log::set_logger(&Logger).expect("no other logger is installed");
            log::set_max_level(LevelFilter::Trace);
        });
    }

    /// Starts capturing.
    pub fn capture() -> Self {
        Self::install();
        LINES.set(Some(Vec::new()));
        Self(())
    }

    /// Returns the captured lines of every level.
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
        // Drops the line if the buffer is borrowed or the thread is exiting.
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
