//! The Python service: the real fastapi_framework, in a separate process.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jwt_auth_tests::{RedisServer, TestKey, python};
use serde_json::{Value, json};

/// A fastapi_framework service with the secret of the tests, on a shared Redis.
pub(crate) struct PythonService {
    child: Child,
    calls: ChildStdin,
    replies: BufReader<ChildStdout>,
}

/// The result of a call: a value, or the status of the rejection.
pub(crate) type Reply = Result<Value, u64>;

impl PythonService {
    /// Starts the service.
    ///
    /// # Panics
    ///
    /// If Python is missing or the framework cannot be installed. The message says what to do.
    pub(crate) fn start(server: &RedisServer) -> Self {
        let mut child = Command::new(python())
            .arg(tests().join("compat/python_service.py"))
            .env("JWT_SECRET_KEY", TestKey::SECRET)
            .env("REDIS_HOST", "127.0.0.1")
            .env("REDIS_PORT", server.port().to_string())
            .env_remove("JWT_ALGORITHM")
            .env_remove("JWT_ACCESS_TOKEN_EXPIRE_MINUTES")
            .env_remove("JWT_REFRESH_TOKEN_EXPIRE_MINUTES")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let calls = child.stdin.take().expect("stdin is piped");
        let replies = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, calls, replies }
    }

    /// Calls a function of python_service.py.
    pub(crate) fn call(&mut self, name: &str, mut arguments: Value) -> Reply {
        arguments["call"] = name.into();
        writeln!(self.calls, "{arguments}").expect("the service reads its standard input");
        let mut line = String::new();
        self.replies.read_line(&mut line).expect("the service replies with text");
        let reply: Value =
            serde_json::from_str(&line).expect("a JSON reply: if it is missing, see the output above");
        match reply["refused"].as_u64() {
            Some(status) => Err(status),
            None => Ok(reply["ok"].clone()),
        }
    }

    /// Logs in and returns the access token and the refresh token.
    pub(crate) fn login(&mut self, data: &Value, user_id: u64) -> (String, String) {
        let pair = self.call("login", json!({ "data": data, "user_id": user_id })).expect("a login");
        tokens(&pair)
    }

    /// Refreshes and returns the new tokens, or the status of the rejection.
    pub(crate) fn refresh(&mut self, token: &str, data: &Value) -> Result<(String, String), u64> {
        self.call("refresh", json!({ "token": token, "data": data })).map(|pair| tokens(&pair))
    }

    /// Logs out.
    pub(crate) fn logout(&mut self, token: &str) {
        self.call("logout", json!({ "token": token })).expect("a logout");
    }

    /// Returns the data that a protected route receives.
    pub(crate) fn data(&mut self, token: &str) -> Reply {
        self.call("data", json!({ "token": token }))
    }

    /// Whether a refresh token is valid.
    pub(crate) fn check(&mut self, token: &str) -> bool {
        self.call("check", json!({ "token": token })).expect("a reply") == Value::Bool(true)
    }
}

impl Drop for PythonService {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tokens(pair: &Value) -> (String, String) {
    assert_eq!(pair["token_type"], "bearer");
    let token = |name: &str| pair[name].as_str().expect("a token is text").to_owned();
    (token("access_token"), token("refresh_token"))
}

fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
