//! A shell in which the program is called.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use jwt_auth::JwtAuth;
use jwt_auth_tests::{RedisServer, Setup};
use serde_json::Value;
use uuid::Uuid;

/// A folder without a Rocket.toml, and the settings that the program gets there.
pub(crate) struct Shell {
    pub(crate) folder: PathBuf,
    pub(crate) settings: String,
}

impl Shell {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("jwt-auth-cli-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("the folder for temporary files can be written to");
        Self { folder, settings: "{}".to_owned() }
    }

    /// Sets the settings of an app that signs with a generated key, and its Redis. Returns the setup of that app too.
    pub(crate) fn with_key(mut self, server: &RedisServer) -> (Self, Setup) {
        let made = self.call(&["keygen", "--alg", "ES256", "--out", "key.pem"], "");
        assert!(made.status.success(), "{made:?}");
        let key = self.folder.join("key.pem").display().to_string();
        let url = server.url();
        self.settings = format!(r#"{{algorithm="ES256", private_key="{key}", issuer="us", redis="{url}"}}"#);
        let setup =
            Setup::bare(rocket::Config::debug_default()).with("algorithm", "ES256").with("private_key", key);
        (self, setup.with("issuer", "us").with("redis", url))
    }

    pub(crate) fn call(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jwt-auth"))
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("ROCKET_PROFILE", "release")
            .env("ROCKET_JWT_AUTH", &self.settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A command that does not read its input may have ended by now.
        let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
        child.wait_with_output().expect("the program ends")
    }

    /// Returns the output of a call that succeeds.
    pub(crate) fn answer(&self, arguments: &[&str], input: &str) -> String {
        let output = self.call(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Returns the output of a call as JSON, and its exit status.
    pub(crate) fn json(&self, arguments: &[&str], input: &str) -> (Value, Option<i32>) {
        let output = self.call(&[arguments, &["--json"]].concat(), input);
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("not JSON: {output:?}"));
        (json, output.status.code())
    }

    /// Returns the error message of a call that succeeds.
    pub(crate) fn notes(&self, arguments: &[&str], input: &str) -> String {
        let output = self.call(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).expect("text")
    }

    /// Returns the output and the error message of a call that fails.
    pub(crate) fn failure(&self, arguments: &[&str], input: &str) -> (String, String) {
        let output = self.call(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (text(output.stdout), text(output.stderr))
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) async fn launched(setup: Setup) -> JwtAuth {
    let rocket = setup.attach(JwtAuth::fairing()).ignite().await.expect("the app launches");
    rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
}
