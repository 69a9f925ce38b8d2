//! What the benches share: samples, tables, and processes that keep to one core.

mod wrk;

use std::process::Command;
use std::time::{Duration, Instant};

pub use wrk::{Load, load};

/// Whether only to see that a bench works, as `cargo test --benches` does: then it takes less of everything.
/// `cargo bench` measures.
pub fn is_rehearsal() -> bool {
    !std::env::args().any(|arg| arg == "--bench")
}

/// `full`, or `small` in a rehearsal.
pub fn scaled<T>(full: T, small: T) -> T {
    if is_rehearsal() { small } else { full }
}

/// Measurements of one thing.
pub struct Samples(Vec<f64>);

impl Samples {
    /// Of these, in any order.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn new(mut samples: Vec<f64>) -> Self {
        assert!(!samples.is_empty(), "nothing was measured");
        samples.sort_by(f64::total_cmp);
        Self(samples)
    }

    /// The one that half of them are below.
    pub fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The one that so many in a hundred are below.
    pub fn percentile(&self, percent: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(last as f64 * percent / 100.0).round() as usize]
    }

    /// The least.
    pub fn min(&self) -> f64 {
        self.0[0]
    }

    /// The greatest.
    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// How long one of `count` calls of `call` takes, in nanoseconds.
pub fn nanos(count: usize, mut call: impl FnMut(usize)) -> f64 {
    let start = Instant::now();
    for n in 0..count {
        call(n);
    }
    start.elapsed().as_nanos() as f64 / count as f64
}

/// A table in Markdown, printed at once.
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

    /// Prints it.
    pub fn print(&self) {
        println!("\n{}\n", self.title);
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
    }
}

/// A number with thin spaces between its thousands.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let grouped = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    grouped.collect::<Vec<_>>().join(" ")
}

/// Keeps a process of this machine, with all its threads and those to come, to one core. The processes
/// that it starts from then on stay there too. Needs `taskset`.
pub fn pin(pid: u32, core: usize) {
    let status = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", &core.to_string(), &pid.to_string()])
        .stdout(std::process::Stdio::null())
        .status();
    if !status.is_ok_and(|status| status.success()) {
        println!(
            "Process {pid} could not be kept to core {core}: figures are of another kind than those kept here."
        );
    }
}

/// How long a process has had a processor for.
///
/// # Panics
///
/// If there is no such process, or this is not Linux.
pub fn cpu_time(pid: u32) -> Duration {
    let folder = format!("/proc/{pid}/task");
    let threads = std::fs::read_dir(&folder).expect("the process is there, and Linux tells its threads");
    let nanos = threads.flatten().map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
    });
    Duration::from_nanos(nanos.sum())
}
