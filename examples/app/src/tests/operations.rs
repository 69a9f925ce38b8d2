//! Metrics, health and the audit log.

use std::fs;

use jwt_auth::store::MemoryStore;
use prometheus_parse::{Scrape, Value as Sample};
use rocket::figment::Figment;
use rocket::http::Status;
use rocket::serde::json::{Value, from_str, json};

use super::client::{App, on_every_store};
use super::redis_server::RedisServer;
use super::{ADMIN, DEMO, soon};

/// The value of a counter, as Prometheus reads it.
fn counter(app: &App, name: &str, label: &str, value: &str) -> f64 {
    let text = app.client.get("/metrics").dispatch().into_string().expect("the metrics are text");
    let scrape = Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).expect("an exposition");
    let mut samples = scrape.samples.iter().filter(|sample| sample.metric == name);
    match samples.find(|sample| sample.labels.get(label) == Some(value)).map(|sample| &sample.value) {
        Some(Sample::Counter(count)) => *count,
        Some(other) => panic!("{name} is no counter: {other:?}"),
        None => 0.0,
    }
}

#[test]
fn the_metrics_count_what_happens() {
    on_every_store(|app| {
        let stolen = app.login(DEMO);
        let before = |name, label, value| counter(app, name, label, value);
        for (name, label, value, action) in [
            ("jwt_auth_logins_total", "outcome", "success", (|app| drop(app.login(ADMIN))) as fn(&App)),
            ("jwt_auth_logins_total", "outcome", "refused", |app| {
                app.post("/auth/login", &json!({ "username": "demo", "password": "wrong" }));
            }),
            ("jwt_auth_denials_total", "route", "GET /admin", |app| {
                let pair = app.login(DEMO);
                app.get("/admin", &pair.access);
            }),
            ("jwt_auth_rejections_total", "reason", "malformed", |app| drop(app.get("/me", "rubbish"))),
        ] {
            let count = before(name, label, value);
            action(app);
            assert!(before(name, label, value) > count, "{name} {value}");
        }
        let name = "jwt_auth_refreshes_total";
        let (rotated, reused) = (before(name, "outcome", "rotated"), before(name, "outcome", "reused"));
        let next = super::client::Pair::of(app.refresh(&stolen));
        let last = super::client::Pair::of(app.refresh(&next));
        app.get("/me", &last.access);
        let is_detected = || app.refresh(&stolen).status() == Status::Unauthorized;
        assert!(soon(is_detected));
        assert!(before(name, "outcome", "rotated") >= rotated + 2.0);
        assert!(before(name, "outcome", "reused") >= reused + 1.0);
    });
}

#[test]
fn the_app_is_healthy_until_redis_stops() {
    let mut server = RedisServer::start();
    let app = App::on(&server);
    let health = || app.client.get("/health").dispatch();
    assert_eq!(health().status(), Status::Ok);
    server.stop();
    // The store is asked once per second.
    assert!(soon(|| health().status() == Status::ServiceUnavailable));
    assert_eq!(health().into_json::<Value>().expect("JSON")["store"], "unavailable");
}

#[test]
fn the_audit_log_has_a_line_for_each_event_of_interest() {
    let path = std::env::temp_dir().join(format!("audit-{}.jsonl", std::process::id()));
    let log = crate::audit::log(&Figment::new().merge(("audit_log", &path)));
    let app = App::new(|fairing| fairing.store(MemoryStore::new()).observe(log), json!({}));
    let pair = app.login(DEMO);
    app.post("/auth/login", &json!({ "username": "demo", "password": "wrong" }));
    app.get("/admin", &pair.access);
    app.get("/me", "rubbish");
    app.logout(&pair);
    let is_written = || fs::read_to_string(&path).is_ok_and(|text| text.contains("session_ended"));
    assert!(soon(is_written), "the last line was written");
    let text = fs::read_to_string(&path).expect("the log was written");
    fs::remove_file(&path).expect("the log can be removed");
    let lines: Vec<Value> = text.lines().map(|line| from_str(line).expect("a line is JSON")).collect();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str()).collect();
    assert_eq!(events, ["signed_in", "sign_in_refused", "denied", "session_ended"].map(Some));
    assert_eq!(lines[1]["user"], "demo");
    for line in [&lines[0], &lines[2], &lines[3]] {
        assert_eq!(line["user"], "2", "{line}");
    }
    assert_eq!(lines[2]["route"], "GET /admin");
    assert!(!text.contains(&pair.access) && !text.contains("wrong"), "{text}");
}
