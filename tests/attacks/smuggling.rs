//! Headers over a real socket, where no client library tidies them up.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::Forge;
use rocket::fairing::AdHoc;
use rocket::tokio::sync::oneshot;
use rocket::tokio::task::spawn_blocking;

use crate::{app, setup};

/// Header lines, `{}` being a good token, and the status of the answer.
#[rustfmt::skip]
const CASES: &[(&str, &str, u16)] = &[
    ("as it is",                    "Authorization: Bearer {}\r\n",                                 200),
    ("name in lower case",          "authorization: bearer {}\r\n",                                 200),
    ("spaces around the value",     "Authorization:    Bearer {}   \r\n",                           200),
    ("two of them",                 "Authorization: Bearer {}\r\nAuthorization: Bearer {}\r\n",     400),
    ("two, in other cases",         "Authorization: Bearer {}\r\nAUTHORIZATION: Basic YTpi\r\n",    400),
    ("two, the first empty",        "Authorization: \r\nAuthorization: Bearer {}\r\n",              400),
    ("joined with a comma",         "Authorization: Bearer {}, Bearer {}\r\n",                      400),
    ("a tab after the scheme",      "Authorization: Bearer\t{}\r\n",                                401),
    ("a tab after the token",       "Authorization: Bearer {}\tx\r\n",                              400),
    ("a byte that is not ASCII",    "Authorization: Bearer {}\u{e9}\r\n",                           400),
    ("a zero byte",                 "Authorization: Bearer {}\0\r\n",                               400),
    ("folded over two lines",       "Authorization: Bearer\r\n {}\r\n",                             400),
    ("a space before the colon",    "Authorization : Bearer {}\r\n",                                400),
    ("a name that looks like it",   "X-Authorization: Bearer {}\r\nAuthorization_: Bearer {}\r\n",  401),
    ("in another header",           "Proxy-Authorization: Bearer {}\r\nCookie: Authorization=Bearer {}\r\n", 401),
    ("in the end of a body",        "Content-Length: 0\r\n\r\nAuthorization: Bearer {}\r\n",        401),
];

#[rocket::async_test]
async fn headers_are_read_as_they_were_sent() {
    let app = app(&setup(HS256));
    let any_port = app.figment().clone().merge(("port", 0));
    let (lifted_off, port) = oneshot::channel();
    let tell = AdHoc::on_liftoff("port", |rocket| {
        let port = rocket.config().port;
        Box::pin(async move { lifted_off.send(port).expect("the test waits for it") })
    });
    let rocket = app.configure(any_port).attach(tell).ignite().await.expect("the app ignites");
    let shutdown = rocket.shutdown();
    let server = rocket::tokio::spawn(rocket.launch());
    let address = SocketAddr::from(([127, 0, 0, 1], port.await.expect("the app lifts off")));

    let answers = spawn_blocking(move || {
        let token = Forge::new(HS256).token();
        CASES.iter().map(|(_, lines, _)| ask(address, &lines.replace("{}", &token))).collect::<Vec<_>>()
    });
    let answers = answers.await.expect("every request is answered");
    shutdown.notify();
    server.await.expect("the server does not panic").expect("the server ends well");

    for ((name, _, expected), answer) in CASES.iter().zip(answers) {
        assert_eq!(answer, *expected, "{name}");
    }
}

/// The status of `GET /me` with these header lines.
fn ask(address: SocketAddr, lines: &str) -> u16 {
    let mut socket = TcpStream::connect(address).expect("the server listens");
    let request = format!("GET /me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n");
    socket.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = Vec::new();
    // It may close while there is more to read.
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
    status.unwrap_or_else(|| panic!("no answer to {lines:?}: {answer:?}"))
}
