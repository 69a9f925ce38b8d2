//! The test app behind a real socket. Requests are sent exactly as written: no client library normalizes them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jwt_auth_tests::Setup;
use rocket::Shutdown;
use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use serde_json::{Value, json};

/// The maximum time for a response.
const QUICK: Duration = Duration::from_secs(2);

/// An app that runs until the `Server` is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shutdown: Shutdown,
    thread: Option<JoinHandle<()>>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) fn start(setup: &Setup) -> Self {
        let app = crate::app(setup);
        let figment = app.figment().clone().merge(("port", 0)).merge(("workers", 1));
        let (lifted_off, is_up) = mpsc::channel();
        let report = AdHoc::on_liftoff("port", move |rocket| {
            let up = (rocket.config().port, rocket.shutdown());
            Box::pin(async move { lifted_off.send(up).expect("the test is waiting") })
        });
        let launch = app.configure(figment).attach(report).launch();
        let thread = std::thread::spawn(|| {
            if let Err(error) = rocket::execute(launch) {
                // The last connection may still hold the app for a moment. Rocket reports an error without a cause.
                assert!(matches!(error.kind(), ErrorKind::Shutdown(_, None)), "{error}");
            }
        });
        let (port, shutdown) = is_up.recv().expect("the app launches");
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), shutdown, thread: Some(thread) }
    }

    /// Requests `/me` with this bearer token.
    pub(crate) fn get_me(&self, token: &str) -> Response {
        self.get(&format!("Authorization: Bearer {token}\r\n"))
    }

    /// Requests `/me` with these header lines.
    pub(crate) fn get(&self, lines: &str) -> Response {
        self.send(&format!("GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n"))
    }

    /// Posts JSON.
    pub(crate) fn post(&self, path: &str, body: &str) -> Response {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Revokes this access token.
    pub(crate) fn revoke(&self, token: &str) -> Response {
        self.send(&format!(
            "POST /done HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        ))
    }

    /// Exchanges a refresh token for a new pair.
    pub(crate) fn refresh(&self, token: &str) -> Response {
        self.post("/refresh", &json!({ "refresh_token": token }).to_string())
    }

    /// Logs `alice` in and returns the access token and the refresh token.
    pub(crate) fn login(&self) -> (String, String) {
        let pair = self.post("/login", "null").json();
        let token = |name: &str| pair[name].as_str().expect("a token").to_owned();
        (token("access_token"), token("refresh_token"))
    }

    /// Returns the JWK Set of the app.
    pub(crate) fn jwks(&self) -> Value {
        self.send("GET /jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").json()
    }

    /// Sends a request and returns the response, which must arrive within [`QUICK`].
    pub(crate) fn send(&self, request: &str) -> Response {
        let begin = Instant::now();
        let mut socket = TcpStream::connect(self.address).expect("the server listens");
        // The server may close the connection early.
        let _ = socket.write_all(request.as_bytes());
        let mut response = Vec::new();
        let _ = socket.read_to_end(&mut response);
        assert!(begin.elapsed() < QUICK, "{:?} for {request:.200}", begin.elapsed());
        Response::of(&String::from_utf8_lossy(&response))
            .unwrap_or_else(|| panic!("no valid response to {request:.200}: {response:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.clone().notify();
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || ended.is_some_and(|ended| ended.is_ok()), "the server panicked");
    }
}

impl Response {
    fn of(response: &str) -> Option<Self> {
        let (head, body) = response.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Self { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// Returns the `WWW-Authenticate` challenge, if there is one.
    pub(crate) fn challenge(&self) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(name, _)| name.eq_ignore_ascii_case("www-authenticate")).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
