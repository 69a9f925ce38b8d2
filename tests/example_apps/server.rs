//! An example as a server, for clients outside of this process.

use rocket::fairing::AdHoc;
use rocket::tokio::spawn;
use rocket::tokio::sync::oneshot;
use rocket::tokio::task::JoinHandle;
use rocket::{Build, Rocket};

/// A running app. It stops when this is dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl Server {
    /// Launches an app on a free port of 127.0.0.1.
    pub(crate) async fn start(app: Rocket<Build>) -> Self {
        let (on_port, port) = oneshot::channel();
        let liftoff = AdHoc::on_liftoff("port", |rocket| {
            let port = rocket.config().port;
            Box::pin(async move { on_port.send(port).expect("the test waits for the port") })
        });
        let figment = app.figment().clone().merge(("address", "127.0.0.1")).merge(("port", 0));
        let launch = app.configure(figment.merge(("log_level", "off"))).attach(liftoff).launch();
        let task = spawn(async {
            launch.await.expect("the app runs");
        });
        Self { port: port.await.expect("the app launches"), task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
