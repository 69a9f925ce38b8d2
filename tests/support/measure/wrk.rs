//! Load by `wrk`.

use std::process::Command;

use super::scaled;

const INSTALL: &str = "wrk is needed for this bench and was not found. To install it:
    Debian, Ubuntu:  sudo apt-get install wrk
    Alpine:          sudo apk add wrk
    macOS:           brew install wrk";

/// What wrk tells of one run.
pub struct Load {
    /// How many were answered.
    pub requests: f64,
    /// In each second.
    pub requests_per_second: f64,
    /// How long half of them took at most.
    pub median_ms: f64,
    /// How long all but one in a hundred took at most.
    pub p99_ms: f64,
}

/// Asks for a URL without pause for some seconds, over so many connections; with refresh tokens, one more than
/// there are connections, by exchanging them.
///
/// # Panics
///
/// If there is no wrk, or if a request failed.
pub fn load(url: &str, connections: usize, headers: &[&str], refresh_tokens: &[String]) -> Load {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/support/measure/wrk.lua");
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", &connections.to_string()])
        .args(["--duration", scaled("2s", "1s"), "--script", script])
        .args(headers.iter().flat_map(|header| ["--header", header]))
        .arg(url)
        .arg("--")
        .args(refresh_tokens)
        .output()
        .unwrap_or_else(|error| panic!("{INSTALL}\n({error})"));

    let text = String::from_utf8_lossy(&output.stdout);
    let figures = text.lines().find_map(|line| line.strip_prefix("figures: ")).map(|figures| {
        figures.split(' ').map(|figure| figure.parse().expect("figures are numbers")).collect()
    });
    let figures: Vec<f64> = figures.unwrap_or_else(|| panic!("wrk did not end well: {text}"));
    let [requests, micros, median, p99, failed] = figures.try_into().expect("the script writes five figures");
    assert_eq!(failed, 0.0, "requests failed: {text}");
    Load {
        requests,
        requests_per_second: requests * 1e6 / micros,
        median_ms: median / 1e3,
        p99_ms: p99 / 1e3,
    }
}
