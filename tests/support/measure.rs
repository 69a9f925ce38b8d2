//! Support code for the benches: samples, tables and processes that are pinned to one core.

mod wrk;

use std::process::Command;
use std::time::{Duration, Instant};

pub use wrk::{Load, load};

/// Whether a bench only has to show that it works, as in `cargo test --benches`. Then everything is scaled down.
/// Only `cargo bench` measures.
pub fn is_rehearsal() -> bool {
    !std::env::args().any(|arg| arg == "--bench")
}

/// Returns `full`, or `small` in a rehearsal.
pub fn scaled<T>(full: T, small: T) -> T {
    if is_rehearsal() { small } else { full }
}

/// Repeated measurements of one quantity.
pub struct Samples(Vec<f64>);

impl Samples {
    /// Takes measurements in any order.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn new(mut samples: Vec<f64>) -> Self {
        assert!(!samples.is_empty(), "nothing was measured");
        samples.sort_by(f64::total_cmp);
        Self(samples)
    }

    /// Returns the median.
    pub fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// Returns a percentile.
    pub fn percentile(&self, percent: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(last as f64 * percent / 100.0).round() as usize]
    }

    /// Returns the minimum.
    pub fn min(&self) -> f64 {
        self.0[0]
    }

    /// Returns the maximum.
    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// Returns the mean time of `count` calls, in nanoseconds.
pub fn nanos(count: usize, mut call: impl FnMut(usize)) -> f64 {
    let start = Instant::now();
    for n in 0..count {
        call(n);
    }
    start.elapsed().as_nanos() as f64 / count as f64
}

/// A Markdown table.
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        let line = columns.iter().map(|_| "---".to_owned()).collect();
        Self { title: title.to_owned(), rows: vec![columns, line] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    /// Prints the table.
    pub fn print(&self) {
        println!("\n{}\n", self.title);
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
    }
}

/// Formats a number with spaces between its thousands.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let grouped = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    grouped.collect::<Vec<_>>().join(" ")
}

/// Pins a process to one core, with all its present and future threads and the processes that it starts later. Needs
/// `taskset`.
pub fn pin(pid: u32, core: usize) {
    let status = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", &core.to_string(), &pid.to_string()])
        .stdout(std::process::Stdio::null())
        .status();
    if !status.is_ok_and(|status| status.success()) {
        println!(
            "Process {pid} could not be pinned to core {core}: do not compare the figures with those of BENCHMARKS.md."
        );
    }
}

/// Returns the CPU time of a process.
///
/// # Panics
///
/// If there is no such process, or this is not Linux.
pub fn cpu_time(pid: u32) -> Duration {
    let folder = format!("/proc/{pid}/task");
    let threads = std::fs::read_dir(&folder).expect("the process runs, and this is Linux");
    let nanos = threads.flatten().map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
    });
    Duration::from_nanos(nanos.sum())
}
