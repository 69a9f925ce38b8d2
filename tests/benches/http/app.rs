//! `examples/app` in the release profile, in a separate process.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jwt_auth::{Claims, JwtAuth};
use jwt_auth_tests::{RedisServer, Setup, TestKey, free_port};
use rocket::Config;
use serde::{Deserialize, Serialize};

/// The claims of the app, as far as a login needs them.
#[derive(Claims, Serialize, Deserialize)]
struct Demo {
    #[claims(subject)]
    id: u64,
}

pub(crate) struct App {
    process: Child,
    port: u16,
    /// Another app on the same Redis with the same secret. It signs users in without a password.
    auth: JwtAuth,
}

impl App {
    /// Builds the example, starts it and waits until it listens.
    pub(crate) async fn start(server: &RedisServer) -> Self {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let built = Command::new(env!("CARGO"))
            .current_dir(root)
            .args(["build", "--release", "--locked", "--package", "example-app"])
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the example does not build");

        let port = free_port();
        let process = Command::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/../release/example-app"))
            .env("ROCKET_PORT", port.to_string())
            .env("ROCKET_WORKERS", "1")
            .env("ROCKET_LOG_LEVEL", "off")
            .env("JWT_SECRET_KEY", TestKey::SECRET)
            .env("REDIS_URL", server.url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the example was built");
        let setup = Setup::bare(Config::release_default()).with("secret", TestKey::SECRET);
        let rocket = setup.with("redis", server.url()).attach(JwtAuth::fairing()).ignite().await;
        let auth =
            rocket.expect("an app launches").state::<JwtAuth>().expect("the fairing is attached").clone();
        log::set_max_level(log::LevelFilter::Off);
        let mut app = Self { process, port, auth };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = app.process.try_wait().expect("the state of a child is known");
            assert!(ended.is_none(), "the example exited: {ended:?}");
            rocket::tokio::time::sleep(Duration::from_millis(20)).await;
        }
        app
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Ends the user's sessions, starts new ones and returns their refresh tokens.
    pub(crate) async fn sign_in(&self, sessions: usize) -> Vec<String> {
        self.auth.revoke_subject::<jwt_auth_tests::User>(2).await.expect("Redis responds");
        let mut tokens = Vec::new();
        for _ in 0..sessions {
            let pair = self.auth.generate_tokens(&Demo { id: 2 }).await.expect("Redis keeps the session");
            tokens.push(pair.refresh_token);
        }
        tokens
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
