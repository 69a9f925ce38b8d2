//! A server of another project, in a separate process.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use jwt_auth_tests::free_port;

pub(crate) struct Server {
    process: Child,
    port: u16,
}

/// Builds the project in this folder with crates from crates.io, and returns the path of the program.
pub(crate) fn build(project: &str) -> PathBuf {
    build_with(project, "", "")
}

/// Builds the program of a project that needs this feature, if there is one.
pub(crate) fn build_with(project: &str, feature: &str, suffix: &str) -> PathBuf {
    let program = format!("peer-{project}{suffix}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(project);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers");
    let built = Command::new(env!("CARGO"))
        .current_dir(folder)
        .args(["build", "--release", "--bin", &program, "--features", feature, "--target-dir"])
        .arg(&target)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "{project} does not build");
    target.join("release").join(program)
}

impl Server {
    /// Starts the program with a port and this environment, and waits until it listens.
    pub(crate) fn start(program: &Path, environment: &[(&str, String)]) -> Self {
        let port = free_port();
        let process = Command::new(program)
            .envs(environment.iter().cloned())
            .envs(["PORT", "ROCKET_PORT"].map(|name| (name, port.to_string())))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program was built");
        let mut server = Self { process, port };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.process.try_wait().expect("the state of a child is known");
            assert!(ended.is_none(), "{} exited: {ended:?}", program.display());
            sleep(Duration::from_millis(20));
        }
        server
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
