//! Keys, and files with keys.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use jwt_auth_tests::{RedisServer, Setup, User, user};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shell::{Shell, launched};

#[rocket::async_test]
async fn every_generated_key_signs() {
    let shell = Shell::new();
    for algorithm in ["HS256", "hs384", "HS512", "RS256", "PS512", "es256", "ES384", "EdDSA"] {
        let made = shell.call(&["keygen", "--alg", algorithm], "");
        assert!(made.status.success(), "{made:?}");
        let key = String::from_utf8(made.stdout).expect("text").trim().to_owned();
        let notes = String::from_utf8(made.stderr).expect("text");
        let setting = if key.starts_with("base64:") { "secret" } else { "private_key" };
        let name = if algorithm == "EdDSA" { algorithm.to_owned() } else { algorithm.to_uppercase() };
        assert!(notes.contains(setting) && notes.contains(&format!("algorithm = \"{name}\"")), "{notes}");
        let further = format!("keys = [{{ algorithm = \"{name}\", {setting} = ");
        assert!(notes.contains(&further) && notes.contains("not_before = "), "{notes}");
        assert_eq!(notes.contains("kid = "), setting == "secret", "{notes}");

        let setup =
            Setup::bare(rocket::Config::release_default()).with("algorithm", &name).with(setting, &key);
        let auth = launched(setup).await;
        let token = auth.generate_tokens(&user("ann")).await.expect("it signs").access_token;
        auth.verify::<User>(&token).expect("it verifies");
        if let [public] = auth.jwks().keys() {
            assert!(notes.contains(public.kid()), "{notes}");
            openssl_reads(&key);
        }
        if algorithm == "EdDSA" {
            let body: String = key.lines().filter(|line| !line.starts_with("-----")).collect();
            assert!(body.starts_with("MC4CAQAw"), "version 1 of PKCS#8, without the public key: {key}");
        }
    }
}

/// Asserts that OpenSSL reads a private key in PEM.
fn openssl_reads(key: &str) {
    let mut openssl = Command::new("openssl")
        .args(["pkey", "-pubout", "-outform", "DER", "-out", "/dev/null"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("openssl is needed for this test: tests/run.sh installs it");
    openssl.stdin.take().expect("a pipe").write_all(key.as_bytes()).expect("openssl reads");
    assert!(openssl.wait().expect("openssl ends").success(), "{key}");
}

#[test]
fn a_key_file_is_private_and_never_overwritten() {
    let shell = Shell::new();
    shell.answer(&["keygen", "--out", "key.pem"], "");
    let file = shell.folder.join("key.pem");
    let first = std::fs::read_to_string(&file).expect("the file exists");
    assert!(first.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().expect("the file exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (answer, complaint) = shell.failure(&["keygen", "--out", "key.pem"], "");
    assert!(answer.is_empty() && complaint.contains("key.pem already exists"), "{complaint}");
    assert!(!complaint.contains("kid"), "the new key was not saved: {complaint}");
    assert_eq!(std::fs::read_to_string(&file).expect("the file exists"), first);
}

#[rocket::async_test]
async fn the_public_keys_are_those_of_the_app() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let shown: Value = serde_json::from_str(&shell.answer(&["jwks"], "")).expect("JSON");
    assert_eq!(shown, serde_json::to_value(auth.jwks()).expect("strings serialize"));
    assert_eq!(shown["keys"][0]["d"], Value::Null);
}

#[test]
fn the_size_of_a_key_is_refused_if_the_algorithm_has_only_one() {
    let shell = Shell::new();
    for algorithm in ["hs256", "es256", "es384", "eddsa"] {
        let output = shell.call(&["keygen", "--alg", algorithm, "--bits", "3072"], "");
        let complaint = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(output.stdout.is_empty(), "{algorithm}: a key was generated");
        for name in ["RS256", "PS512"] {
            assert!(complaint.contains(name), "{complaint}");
        }
    }
    let (key, status) = shell.json(&["keygen", "--alg", "ps256", "--bits", "2048"], "");
    assert_eq!((&key["algorithm"], status), (&json!("PS256"), Some(0)));
    assert!(key["private_key"].as_str().is_some_and(|pem| pem.starts_with("-----BEGIN PRIVATE KEY-----")));
    assert!(key["kid"].is_string());
    let (key, _) = shell.json(&["keygen", "--alg", "hs256", "--out", "secret.txt"], "");
    assert_eq!(key, json!({ "algorithm": "HS256", "secret_file": "secret.txt" }));
}

#[test]
fn keys_need_no_redis_and_say_nothing_about_sessions() {
    let mut shell = Shell::new();
    shell.answer(&["keygen", "--out", "key.pem"], "");
    let key = shell.folder.join("key.pem").display().to_string();
    for redis in ["", r#", redis="redis://127.0.0.1:1/0""#] {
        shell.settings = format!(r#"{{algorithm="ES256", private_key="{key}"{redis}}}"#);
        assert_eq!(shell.notes(&["jwks"], ""), "");
    }
    let notes = shell.notes(&["keygen"], "");
    assert!(!notes.contains("session") && notes.starts_with("kid: "), "{notes}");
}

#[cfg(unix)]
#[test]
fn key_files_that_others_can_read_are_reported() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let mut shell = Shell::new();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(Uuid::new_v4().to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    let key = folder.join("key.pem");
    let path = key.display().to_string();
    shell.answer(&["keygen", "--out", &path], "");
    shell.settings = format!(r#"{{algorithm="ES256", private_key="{path}"}}"#);
    let notes = |mode| {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        shell.notes(&["jwks"], "")
    };
    assert_eq!(notes(0o600), "");
    let advice = format!("run `chmod 600 {path}`");
    let warned = notes(0o644);
    let hint = "a target folder in memory counts as a mount for secrets";
    assert!(warned.contains("every user") && warned.contains(&advice), "{warned}; {hint}");
    // A group is how root lets an app read a key.
    if key.metadata().expect("it exists").uid() == 0 {
        assert_eq!(notes(0o640), "");
        chown(&key, Some(1), None).expect("root can");
    }
    let warned = notes(0o640);
    assert!(warned.contains("the group") && warned.contains(&advice), "{warned}");
    std::fs::remove_dir_all(folder).expect("it is ours");
}
