//! A proxy in front of Redis that can lose traffic.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Forwards traffic to a server until told to drop it, like a firewall that has forgotten a connection or a machine that
/// has lost power. The proxy never closes a connection.
pub(crate) struct Proxy {
    port: u16,
    connections: Arc<Connections>,
}

/// Connections are numbered in the order in which they are accepted.
#[derive(Default)]
struct Connections {
    next: AtomicUsize,
    /// Connections before this one carry no traffic.
    dead: AtomicUsize,
    /// Connections before this one carry no responses.
    mute: AtomicUsize,
}

impl Proxy {
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let connections = Arc::new(Connections::default());
        let proxy = Self { port, connections: Arc::clone(&connections) };
        // Runs until the process exits, because it cannot know when a test is over.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let id = connections.next.fetch_add(1, Ordering::SeqCst);
                let (requests, responses) = (Arc::clone(&connections), Arc::clone(&connections));
                pass_on(&client, &server, move || id < requests.dead());
                pass_on(&server, &client, move || id < responses.mute().max(responses.dead()));
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// From now on, drops everything on the existing connections. New connections work.
    pub(crate) fn lose_connections(&self) {
        let next = self.connections.next.load(Ordering::SeqCst);
        self.connections.dead.store(next, Ordering::SeqCst);
    }

    /// From now on, drops the server's responses on the existing connections.
    pub(crate) fn lose_responses(&self) {
        let next = self.connections.next.load(Ordering::SeqCst);
        self.connections.mute.store(next, Ordering::SeqCst);
    }

    /// Accepts connections and drops everything, until [`lose_connections`](Self::lose_connections) is called.
    pub(crate) fn lose_everything(&self) {
        self.connections.dead.store(usize::MAX, Ordering::SeqCst);
    }
}

impl Connections {
    fn dead(&self) -> usize {
        self.dead.load(Ordering::SeqCst)
    }

    fn mute(&self) -> usize {
        self.mute.load(Ordering::SeqCst)
    }
}

fn pass_on(from: &TcpStream, to: &TcpStream, is_lost: impl Fn() -> bool + Send + 'static) {
    let clone = |stream: &TcpStream| stream.try_clone().expect("a socket can be cloned");
    let (mut from, mut to) = (clone(from), clone(to));
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if !is_lost() && to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
