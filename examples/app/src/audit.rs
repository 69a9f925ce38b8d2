//! The audit log: one line of JSON for each event that an auditor may ask about.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::IpAddr;
use std::sync::mpsc::channel;
use std::thread;
use std::time::SystemTime;

use jwt_auth::clock::Timestamp;
use jwt_auth::{Event, EventRequest, Identity};
use rocket::figment::Figment;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    /// In seconds since 1970.
    time: Timestamp,
    #[serde(flatten)]
    event: &'a Event<'a>,
    /// The id of the user, of which the event itself contains only a digest. For a refused or throttled sign-in, the
    /// name that the client sent.
    user: Option<&'a str>,
    /// The address in Rocket's `ip_header`. Without a proxy that overwrites that header, set `ip_header = false`.
    ip: Option<IpAddr>,
}

/// Returns an observer that writes to the file in the setting `audit_log`, or else to the standard output.
///
/// # Panics
///
/// If the file cannot be opened: the app must not run without its audit log.
pub fn log(figment: &Figment) -> impl Fn(&Event<'_>) + Send + Sync + use<> {
    let mut output: Box<dyn Write + Send> = match figment.extract_inner::<String>("audit_log") {
        Ok(path) => {
            let file = OpenOptions::new().create(true).append(true).open(&path);
            Box::new(file.unwrap_or_else(|error| panic!("cannot open the audit log {path}: {error}")))
        }
        Err(_) => Box::new(io::stdout()),
    };
    let (sender, lines) = channel::<String>();
    // A slow disk must not delay the requests.
    thread::spawn(move || {
        for line in lines {
            // In one piece, because another process may append to the same file.
            if let Err(error) = output.write_all(line.as_bytes()) {
                rocket::error!("cannot write to the audit log: {error}");
            }
        }
    });
    move |event| {
        if is_of_interest(event) {
            let _ = sender.send(line(event));
        }
    }
}

fn line(event: &Event<'_>) -> String {
    let line = Line {
        time: SystemTime::now().into(),
        event,
        user: match event {
            Event::SignInRefused { account, .. } | Event::Throttled { account, .. } => *account,
            _ => event.identity().map(Identity::subject),
        },
        ip: match event {
            Event::SignedIn { device, .. } => device.ip(),
            _ => event.request().and_then(EventRequest::client_ip),
        },
    };
    serde_json::to_string(&line).expect("a line consists of texts and numbers") + "\n"
}

fn is_of_interest(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::SignedIn { .. }
            | Event::TokenIssued { .. }
            | Event::SignInRefused { .. }
            | Event::Throttled { .. }
            | Event::Reused { .. }
            | Event::SessionEnded { .. }
            | Event::SubjectRevoked { .. }
            | Event::TokenRevoked { .. }
            | Event::Elevated { .. }
            | Event::Denied { .. }
    )
}
