//! What the program says about itself and about the settings.

use std::io::Write;
use std::process::{Command, Stdio};

use jwt_auth_tests::RedisServer;
use uuid::Uuid;

use crate::shell::Shell;

#[test]
fn shells_complete_commands() {
    let shell = Shell::new();
    for name in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = shell.answer(&["completions", name], "");
        assert!(script.contains("revoke-token") && script.contains("others-than"), "{name}: {script}");
    }
    let mut bash = Command::new("bash")
        .args(["-c", "source /dev/stdin && complete -p jwt-auth"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash is needed for this test");
    let script = shell.answer(&["completions", "bash"], "");
    bash.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("bash reads");
    let output = bash.wait_with_output().expect("bash ends");
    assert!(output.status.success() && !output.stdout.is_empty(), "{output:?}");
}

#[rocket::async_test]
async fn commands_say_which_sessions_they_use() {
    let server = RedisServer::start();
    server.run("ACL SETUSER app on >s3cr3t ~* &* +@all");
    let (mut shell, _) = Shell::new().with_key(&server);
    shell.settings =
        shell.settings.replace("redis://", "redis://app:s3cr3t@").replace('}', ", prefix=\"shop\"}");
    let expected = format!("issuer us, profile release, Redis 127.0.0.1:{}/0, prefix shop\n", server.port());
    let id = Uuid::new_v4().to_string();
    for arguments in
        [&["sessions", "ann", "--json"][..], &["revoke", "ann", "--all"], &["revoke-token", "--id", &id]]
    {
        assert_eq!(shell.notes(arguments, ""), expected, "{arguments:?}");
    }
}

#[test]
fn unreadable_settings_are_reported() {
    let shell = Shell::new();
    std::fs::write(shell.folder.join("Rocket.toml"), "[default]\nport = \"here")
        .expect("a file can be written");
    let (_, complaint) = shell.failure(&["jwks"], "");
    assert!(complaint.contains("the settings cannot be read") && complaint.contains("line 2"), "{complaint}");
}

#[test]
fn sessions_in_the_memory_of_an_app_are_not_visible() {
    let mut shell = Shell::new();
    shell.settings = r#"{secret="a secret that is long enough for it"}"#.to_owned();
    for arguments in [&["sessions", "ann"][..], &["revoke", "ann", "--all"]] {
        let (answer, complaint) = shell.failure(arguments, "");
        assert!(answer.is_empty() && complaint.contains("set `redis`"), "{complaint}");
    }
}
