//! Runs the program with the settings and the Redis of an app that runs at the same time.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use jwt_auth::JwtAuth;
use jwt_auth_tests::{RedisServer, Setup, User, refresh, refusal, revoked, soon, user};
use serde_json::Value;
use uuid::Uuid;

/// A folder without a Rocket.toml, and the settings that the program gets there.
struct Shell {
    folder: PathBuf,
    settings: String,
}

impl Shell {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("jwt-auth-cli-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("the folder for temporary files can be written to");
        Self { folder, settings: "{}".to_owned() }
    }

    /// Sets the settings of an app that signs with a generated key, and its Redis. Returns the setup of that app too.
    fn with_key(mut self, server: &RedisServer) -> (Self, Setup) {
        let made = self.call(&["keygen", "--alg", "ES256", "--out", "key.pem"], "");
        assert!(made.status.success(), "{made:?}");
        let key = self.folder.join("key.pem").display().to_string();
        let url = server.url();
        self.settings = format!(r#"{{algorithm="ES256", private_key="{key}", issuer="us", redis="{url}"}}"#);
        let setup =
            Setup::bare(rocket::Config::debug_default()).with("algorithm", "ES256").with("private_key", key);
        (self, setup.with("issuer", "us").with("redis", url))
    }

    fn call(&self, arguments: &[&str], input: &str) -> Output {
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
    fn answer(&self, arguments: &[&str], input: &str) -> String {
        let output = self.call(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Returns the output and the error message of a call that fails.
    fn failure(&self, arguments: &[&str], input: &str) -> (String, String) {
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

async fn launched(setup: Setup) -> JwtAuth {
    let rocket = setup.attach(JwtAuth::fairing()).ignite().await.expect("the app launches");
    rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
}

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

#[rocket::async_test]
async fn a_token_is_explained_and_verified() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let ann = user("ann");
    let pair = auth.generate_tokens(&ann).await.expect("a session");
    let session = auth.check_refresh_token(&pair.refresh_token).await.expect("a live session").id;

    let answer = shell.answer(&["inspect"], &format!("Bearer {}\n", pair.access_token));
    assert!(answer.ends_with("accepted as an access token of a live session\n"), "{answer}");
    assert!(answer.contains("ES256") && answer.contains(&session.to_string()), "{answer}");
    assert!(answer.contains("expires 20") && answer.contains("(in 1"), "{answer}");
    let answer = shell.answer(&["inspect"], &pair.refresh_token);
    assert!(answer.ends_with("accepted as a refresh token of a live session\n"), "{answer}");
    let answer = shell.answer(&["inspect"], &auth.create_access_token(&ann).await.expect("it signs"));
    assert!(answer.ends_with("accepted as an access token without a session\n"), "{answer}");

    let (message, signature) = pair.access_token.rsplit_once('.').expect("a signature");
    let forged = format!("{message}.{}", "A".repeat(signature.len()));
    let with = |settings: &str| Shell { folder: shell.folder.clone(), settings: settings.to_owned() };
    let other = with(&shell.settings.replace(", redis=", ", audience=\"others\", redis="));
    for (shell, token, why) in [
        (&shell, forged.as_str(), "not signed with the app's key"),
        (&shell, "not a token", "not consist of three parts"),
        (&shell, &format!("{message}."), "not signed with the app's key"),
        (&other, &pair.access_token, "`aud` does not include any"),
        (&other, &pair.refresh_token, "`aud` does not include any"),
    ] {
        let (answer, complaint) = shell.failure(&["inspect"], token);
        let verdict = answer.lines().last().expect("a verdict");
        assert!(verdict.starts_with("rejected: ") && verdict.contains(why), "{answer}");
        assert_eq!(complaint, "");
    }
    std::mem::forget(other);

    auth.revoke_session::<User>(ann.name, session).await.expect("it ends");
    for token in [&pair.access_token, &pair.refresh_token] {
        let (answer, _) = shell.failure(&["inspect"], token);
        assert!(answer.contains("rejected: its session"), "{answer}");
    }
}

#[test]
fn any_token_is_explained_without_settings() {
    let token = "eyJhbGciOiJub25lIiwieCI6Ilx1MDAxYiJ9.eyJzdWIiOiJhbm4iLCJleHAiOjF9.";
    let answer = Shell::new().answer(&["inspect", "--unverified"], token);
    assert!(answer.contains("no app accepts it") && answer.ends_with("not verified\n"), "{answer}");
    assert!(answer.contains("expires 1970-01-01T00:00:01Z"), "{answer}");
    assert!(!answer.contains('\u{1b}'), "it would reach the terminal");

    let (_, complaint) = Shell::new().failure(&["inspect"], " \n");
    assert!(complaint.contains("no token was given"), "{complaint}");
    let (_, complaint) = Shell::new().failure(&["inspect"], token);
    assert!(complaint.contains("no key to sign tokens: set `secret`"), "{complaint}");
}

#[rocket::async_test]
async fn sessions_of_a_running_app_are_listed_and_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session");
    let (phone, laptop) = (login().await, login().await);

    let listed: Value =
        serde_json::from_str(&shell.answer(&["sessions", "ann", "--json"], "")).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    let id = auth.check_refresh_token(&phone.refresh_token).await.expect("a live session").id.to_string();
    assert!(shell.answer(&["sessions", "ann"], "").contains(&id));
    assert_eq!(shell.answer(&["sessions", "bob"], ""), "");

    assert_eq!(shell.answer(&["revoke", "bob", "--session", &id], ""), "There was no such session.\n");
    assert_eq!(shell.answer(&["revoke", "ann", "--session", &id], ""), "One session was ended.\n");
    refusal(refresh(&auth, &phone.refresh_token).await);
    soon("the app rejects the token", || revoked(auth.verify::<User>(&phone.access_token))).await;
    auth.verify::<User>(&laptop.access_token).expect("the other session is live");

    assert_eq!(shell.answer(&["revoke", "ann", "--all"], ""), "One session was ended.\n");
    refusal(refresh(&auth, &laptop.refresh_token).await);
    let undecided = shell.call(&["revoke", "ann"], "");
    assert_eq!(undecided.status.code(), Some(2), "neither --all nor --session was set: {undecided:?}");
}

#[rocket::async_test]
async fn sessions_of_another_kind_are_listed_and_ended_separately() {
    #[derive(jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
    #[claims(audience = "devices")]
    struct Device {
        #[claims(subject)]
        id: String,
    }

    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let user = auth.generate_tokens(&user("1")).await.expect("a session");
    let device = auth.generate_tokens(&Device { id: "1".to_owned() }).await.expect("a session");
    let id =
        async |token: &str| auth.check_refresh_token(token).await.expect("a live session").id.to_string();
    let (of_user, of_device) = (id(&user.refresh_token).await, id(&device.refresh_token).await);

    let listed = shell.answer(&["sessions", "1"], "");
    assert!(listed.contains(&of_user) && !listed.contains(&of_device), "{listed}");
    let listed = shell.answer(&["sessions", "1", "--kind", "devices"], "");
    assert!(listed.contains(&of_device) && !listed.contains(&of_user), "{listed}");
    let ended = shell.answer(&["revoke", "1", "--session", &of_device], "");
    assert_eq!(ended, "There was no such session.\n");
    let ended = shell.answer(&["revoke", "1", "--kind", "devices", "--all"], "");
    assert_eq!(ended, "One session was ended.\n");
    refusal(auth.check_refresh_token(&device.refresh_token).await);
    auth.check_refresh_token(&user.refresh_token).await.expect("the user's session is live");
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
