//! A real browser: headless Chromium.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use serde_json::Value;
use uuid::Uuid;

/// The result of visiting a page.
pub struct Visit {
    /// The document, after all scripts have run.
    pub dom: String,
    /// The URLs that the page requested, without its own.
    pub requests: Vec<String>,
    /// The lines of the console: script errors and violations of the page's content security policy.
    pub console: Vec<String>,
}

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Visits a page of this origin.
///
/// # Panics
///
/// If Chromium is missing or fails.
pub fn visit(origin: &str, path: &str) -> Visit {
    let folder = std::env::temp_dir().join(format!("jwt-auth-browser-{}", Uuid::new_v4()));
    let log = folder.join("net-log.json");
    fs::create_dir(&folder).expect("the folder is new");
    let with_value = |name: &str, value: &OsStr| {
        let mut argument = OsStr::new(name).to_owned();
        argument.push(value);
        argument
    };
    let output = NAMES.iter().find_map(|name| {
        Command::new(name)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            // Virtual time: on a busy machine, the page only takes longer, and its timers do not notice.
            .args(["--virtual-time-budget=10000", "--enable-logging=stderr", "--dump-dom"])
            .arg(with_value("--user-data-dir=", folder.join("profile").as_os_str()))
            .arg(with_value("--log-net-log=", log.as_os_str()))
            .arg(format!("{origin}{path}"))
            .output()
            .ok()
    });
    let output = output.expect("Chromium is needed for this test: tests/run.sh installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log: Value =
        serde_json::from_slice(&fs::read(&log).expect("Chromium wrote a log")).expect("the log is JSON");
    fs::remove_dir_all(&folder).expect("Chromium has ended");

    let events = log["events"].as_array().expect("a list of events");
    let of_the_page = events.iter().filter(|event| event["params"]["initiator"] == origin);
    let console = String::from_utf8_lossy(&output.stderr);
    Visit {
        dom: String::from_utf8_lossy(&output.stdout).into_owned(),
        requests: of_the_page.filter_map(|event| Some(event["params"]["url"].as_str()?.to_owned())).collect(),
        console: console.lines().filter(|line| line.contains(":CONSOLE:")).map(str::to_owned).collect(),
    }
}
