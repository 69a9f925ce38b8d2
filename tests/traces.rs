//! Events and spans for `tracing`. This is a separate program: once a process has had a subscriber, its events no longer go
//! to the log.
#![allow(missing_docs)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use jwt_auth::JwtAuth;
use jwt_auth_tests::{Log, Setup, refresh, user};
use serde_json::Value;
use tracing_subscriber::fmt::format::FmtSpan;

/// What a subscriber has written, one JSON object per line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn objects(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = std::str::from_utf8(&bytes).expect("JSON is UTF-8").lines();
        let objects = lines.map(|line| serde_json::from_str(line).expect("a line is JSON"));
        objects.filter(|object: &Value| object["target"] == "jwt_auth").collect()
    }
}

async fn use_sessions(auth: &JwtAuth) {
    let pair = auth.generate_tokens(&user("ann@example.com")).await.expect("a login");
    refresh(auth, &pair.refresh_token).await.expect("a refresh");
    refresh(auth, "x.y.z").await.expect_err("this is no token");
}

#[rocket::async_test]
async fn events_go_to_the_log_without_a_subscriber_and_to_a_subscriber_otherwise() {
    let auth = Setup::memory().launch().await;
    let log = Log::capture();
    use_sessions(&auth).await;
    let text = log.text();
    assert_eq!(text.matches("INFO jwt_auth: jwt-auth: a refresh token was rejected").count(), 1, "{text}");
    assert_eq!(text.matches("DEBUG jwt_auth: jwt-auth: session").count(), 2, "{text}");

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let log = Log::capture();
    {
        let _default = tracing::subscriber::set_default(subscriber);
        use_sessions(&auth).await;
    }
    assert!(!log.text().contains("jwt_auth: jwt-auth"), "{}", log.text());

    let objects = lines.objects();
    let spans = objects.iter().filter_map(|object| object["span"]["operation"].as_str());
    assert_eq!(spans.collect::<Vec<_>>(), ["insert", "compare_and_swap"], "{objects:#?}");
    let events: Vec<_> = objects.iter().filter(|object| object["fields"]["event"].is_string()).collect();
    let names: Vec<_> = events.iter().map(|event| event["fields"]["event"].as_str()).collect();
    assert_eq!(names, ["signed_in", "refreshed", "refresh_refused"].map(Some));
    let levels: Vec<_> = events.iter().map(|event| event["level"].as_str()).collect();
    assert_eq!(levels, ["DEBUG", "DEBUG", "INFO"].map(Some));
    let fields = &events[0]["fields"];
    assert_eq!(fields["subject"].as_str().map(str::len), Some(32), "{fields}");
    assert_eq!(fields["session"].as_str().map(str::len), Some(36), "{fields}");
    assert_eq!(events[2]["fields"]["reason"], "malformed");
    assert!(!objects.iter().any(|object| object.to_string().contains("ann@")), "{objects:?}");
}
