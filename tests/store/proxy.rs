//! A way to Redis that can go nowhere.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Passes on to a server what comes in, until it is told to lose it: as a firewall that forgot a
/// connection, or a machine that lost its power. Connections that are made later work.
pub(crate) struct Proxy {
    port: u16,
    generation: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let generation = Arc::new(AtomicUsize::new(0));
        let current = Arc::clone(&generation);
        // Ends with the process: nothing says when a test is over.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                pass_on(&client, &server, &current);
                pass_on(&server, &client, &current);
            }
        });
        Self { port, generation }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Loses from now on what the connections of until now carry, and closes none.
    pub(crate) fn lose_connections(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}

fn pass_on(from: &TcpStream, to: &TcpStream, generation: &Arc<AtomicUsize>) {
    let clone = |stream: &TcpStream| stream.try_clone().expect("a socket can be cloned");
    let (mut from, mut to, generation) = (clone(from), clone(to), Arc::clone(generation));
    let mine = generation.load(Ordering::SeqCst);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if generation.load(Ordering::SeqCst) == mine && to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
