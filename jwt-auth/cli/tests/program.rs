//! Runs the program with the settings and the Redis of an app that runs at the same time.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use jwt_auth::JwtAuth;
use jwt_auth_tests::{
    RedisServer, Setup, User, access_token, free_port, payload, refresh, refusal, revoked, soon, user,
};
use serde_json::{Value, json};
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

    /// Returns the output of a call as JSON, and its exit status.
    fn json(&self, arguments: &[&str], input: &str) -> (Value, Option<i32>) {
        let output = self.call(&[arguments, &["--json"]].concat(), input);
        let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("not JSON: {output:?}"));
        (json, output.status.code())
    }

    /// Returns the error message of a call that succeeds.
    fn notes(&self, arguments: &[&str], input: &str) -> String {
        let output = self.call(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).expect("text")
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
        assert_eq!(complaint.lines().count(), 1, "only the line about the app: {complaint}");
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

    let (answer, _) = shell.failure(&["revoke", "bob", "--session", &id], "");
    assert_eq!(answer, "There was no such session.\n");
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

    let (answer, _) = shell.failure(&["inspect"], &device.access_token);
    assert!(answer.contains("rejected: its `aud`") && answer.contains("set `--kind`"), "{answer}");
    let answer = shell.answer(&["inspect", "--kind", "devices"], &device.access_token);
    assert!(answer.ends_with("accepted as an access token of a live session\n"), "{answer}");

    let listed = shell.answer(&["sessions", "1"], "");
    assert!(listed.contains(&of_user) && !listed.contains(&of_device), "{listed}");
    let listed = shell.answer(&["sessions", "1", "--kind", "devices"], "");
    assert!(listed.contains(&of_device) && !listed.contains(&of_user), "{listed}");
    let (ended, _) = shell.failure(&["revoke", "1", "--session", &of_device], "");
    assert_eq!(ended, "There was no such session.\n");
    let ended = shell.answer(&["revoke", "1", "--kind", "devices", "--all"], "");
    assert_eq!(ended, "One session was ended.\n");
    refusal(auth.check_refresh_token(&device.refresh_token).await);
    auth.check_refresh_token(&user.refresh_token).await.expect("the user's session is live");
}

#[rocket::async_test]
async fn the_exit_status_and_the_json_say_how_many_sessions_were_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session").access_token;
    let id = payload(&login().await)["sid"].as_str().expect("a session").to_owned();
    login().await;

    let (listed, status) = shell.json(&["sessions", "ann", "--session", &id], "");
    assert_eq!((listed[0]["id"].as_str(), listed.as_array().map(Vec::len)), (Some(&*id), Some(1)));
    assert_eq!(status, Some(0));
    assert_eq!(shell.json(&["revoke", "ann", "--session", &id], ""), (json!({ "ended": 1 }), Some(0)));
    for (arguments, expected) in [
        (&["revoke", "ann", "--session", &id][..], json!({ "ended": 0 })),
        (&["revoke", "bob", "--others-than", &id], json!({ "ended": 0 })),
        (&["sessions", "ann", "--session", &id], json!([])),
    ] {
        assert_eq!(shell.json(arguments, ""), (expected, Some(1)), "{arguments:?}");
    }
    assert_eq!(shell.json(&["sessions", "bob"], ""), (json!([]), Some(0)));
    assert_eq!(shell.json(&["revoke", "ann", "--all"], ""), (json!({ "ended": 1 }), Some(0)));
    assert_eq!(shell.json(&["revoke", "ann", "--all"], ""), (json!({ "ended": 0 }), Some(0)));

    let help = shell.answer(&["revoke", "--help"], "");
    assert!(help.contains("exit status is 1 if nothing was ended"), "{help}");
    let help = shell.answer(&["--help"], "");
    assert!(help.contains("Exit status: 0 for success. 1 if"), "{help}");
}

#[rocket::async_test]
async fn all_sessions_but_one_are_ended() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let login = async || auth.generate_tokens(&user("ann")).await.expect("a session");
    let (kept, thief, other) = (login().await, login().await, login().await);
    let program = access_token(&auth, &user("ann"));
    let id = |access_token: &str| payload(access_token)["sid"].as_str().expect("a session").to_owned();
    let unknown = Uuid::new_v4().to_string();
    let (answer, _) = shell.failure(&["revoke", "ann", "--others-than", &unknown], "");
    assert_eq!(answer, "There is no such session to keep, so nothing was ended.\n");
    auth.check_refresh_token(&thief.refresh_token).await.expect("nothing was ended");

    let kept_id = id(&kept.access_token);
    assert_eq!(shell.answer(&["revoke", "ann", "--others-than", &kept_id], ""), "2 sessions were ended.\n");
    for ended in [&thief, &other] {
        refusal(refresh(&auth, &ended.refresh_token).await);
        soon("the app rejects the token", || revoked(auth.verify::<User>(&ended.access_token))).await;
    }
    soon("a token without a session, too", || revoked(auth.verify::<User>(&program))).await;
    auth.verify::<User>(&kept.access_token).expect("the session is live");
    refresh(&auth, &kept.refresh_token).await.expect("the session is live");
    let answer = shell.answer(&["revoke", "ann", "--others-than", &kept_id], "");
    assert!(answer.starts_with("There were no other sessions."), "{answer}");
}

#[rocket::async_test]
async fn a_single_access_token_is_revoked() {
    #[derive(jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
    #[claims(audience = "programs")]
    struct Program {
        #[claims(subject)]
        owner: String,
    }

    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let old = setup.clone();
    old.clock.set(jwt_auth::clock::Timestamp::from_secs(1_700_000_000));
    let expired = access_token(&old.launch().await, &user("ann"));
    let auth = launched(setup).await;
    let pair = auth.generate_tokens(&user("ann")).await.expect("a session");
    let program = access_token(&auth, &Program { owner: "ann".to_owned() });

    let answer = shell.answer(&["revoke-token"], &format!("Authorization: Bearer {}\n", pair.access_token));
    assert!(answer.contains("was revoked. It would have expired 20"), "{answer}");
    soon("the app rejects the token", || revoked(auth.verify::<User>(&pair.access_token))).await;
    auth.verify::<Program>(&program).expect("the other token is valid");
    refresh(&auth, &pair.refresh_token).await.expect("the session is live");

    let id = payload(&program)["jti"].as_str().expect("an id").to_owned();
    let revoked_id = (json!({ "revoked": true, "id": id }), Some(0));
    assert_eq!(shell.json(&["revoke-token", "--id", &id], ""), revoked_id);
    soon("the app rejects the token", || revoked(auth.verify::<Program>(&program))).await;
    assert_eq!(shell.json(&["revoke-token"], &program), revoked_id, "a second time");

    let (answer, status) = shell.json(&["revoke-token"], &expired);
    assert_eq!((&answer["revoked"], status), (&json!(false), Some(1)));
    let (message, signature) = pair.access_token.rsplit_once('.').expect("a signature");
    for (token, why) in [
        (pair.refresh_token.as_str(), "not an access token"),
        (&format!("{message}.{}", "A".repeat(signature.len())), "not signed with the app's key"),
        ("not a token", "not consist of three parts"),
        ("", "jwt-auth revoke-token < token.txt"),
    ] {
        let (answer, complaint) = shell.failure(&["revoke-token"], token);
        assert!(answer.is_empty() && complaint.contains(why), "{complaint}");
    }
}

#[rocket::async_test]
async fn a_long_lived_token_is_listed_and_ended_with_its_session() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    let auth = launched(setup).await;
    let ann = user("ann");
    let issue = async || auth.create_access_token(&ann).ttl("90d").label("ci").await.expect("it signs");
    let [by_text, by_session] = [issue().await, issue().await];
    let answer = shell.answer(&["inspect"], &by_text);
    assert!(answer.ends_with("accepted as an access token of a live session\n"), "{answer}");
    let listed = shell.answer(&["sessions", "ann"], "");
    assert_eq!(
        listed.lines().filter(|line| line.contains("token issued") && line.ends_with("  ci")).count(),
        2,
        "{listed}"
    );

    let id = |token: &str| payload(token)["jti"].as_str().expect("an id").to_owned();
    let (_, complaint) = shell.failure(&["revoke-token", "--id", &id(&by_text)], "");
    assert!(complaint.contains("the id of a long-lived token"), "{complaint}");
    shell.answer(&["revoke-token"], &by_text);
    let sid = payload(&by_session)["sid"].as_str().expect("a session").to_owned();
    assert_eq!(shell.answer(&["sessions", "ann"], "").lines().count(), 1);
    shell.answer(&["revoke", "ann", "--session", &sid], "");
    for token in [&by_text, &by_session] {
        soon("the app rejects the token", || revoked(auth.verify::<User>(token))).await;
    }
}

#[rocket::async_test]
async fn a_long_lived_token_that_names_no_session_of_the_app_is_not_said_to_be_revoked() {
    let server = RedisServer::start();
    let (shell, setup) = Shell::new().with_key(&server);
    // An app with the same key, whose settings the program does not have.
    let auth = launched(setup.with("audience", ["one", "other"])).await;
    let token = auth.create_access_token(&user("ann")).ttl("90d").await.expect("it signs");
    let (answer, complaint) = shell.failure(&["revoke-token"], &token);
    assert!(answer.is_empty() && complaint.contains("do not name a session of this app"), "{complaint}");
    auth.authenticate::<User>(&token).await.expect("nothing was revoked");
}

#[rocket::async_test]
async fn tokens_of_trusted_issuers_are_verified() {
    let idp = |issuer: &str| {
        let setup = Setup::bare(rocket::Config::debug_default()).key(jwt_auth_tests::ALGORITHMS[9]);
        setup.with("issuer", issuer).with("audience", "api")
    };
    let (partner, published) = (idp("https://partner.example"), idp("https://published.example"));
    partner.clock.set(jwt_auth::clock::Timestamp::from_secs(1_700_000_000));
    let expired = access_token(&partner.launch().await, &user("ann"));
    let token_of = async |setup: Setup| access_token(&launched(setup).await, &user("ann"));
    let wrong_audience = token_of(partner.clone().with("audience", "other")).await;
    let attacker = jwt_auth_tests::TestKey::of_attacker(jwt_auth_tests::ALGORITHMS[9]).private;
    let forged = token_of(partner.clone().with("private_key", attacker)).await;
    let stranger = token_of(idp("https://stranger.example")).await;
    let (token, fetched) = (token_of(partner.clone()).await, token_of(published.clone()).await);
    let (partner, published) = (launched(partner).await, launched(published).await);

    let keys = published.jwks();
    let port = free_port();
    let config = rocket::Config { port, log_level: rocket::config::LogLevel::Off, ..Default::default() };
    let issuer = rocket::custom(config).manage(keys).mount("/", rocket::routes![published_keys]);
    let issuer = issuer.ignite().await.expect("the issuer launches");
    let shutdown = issuer.shutdown();
    rocket::tokio::spawn(issuer.launch());
    soon("the issuer listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await;

    let mut shell = Shell::new();
    let jwks = serde_json::to_string(&partner.jwks()).expect("strings serialize");
    let jwks_uri = format!("http://127.0.0.1:{port}/keys");
    let partner = format!(r#"{{issuer="https://partner.example", audience="api", jwks={jwks:?}}}"#);
    let published = format!(
        r#"{{issuer="https://published.example", audience="api", jwks_uri="{jwks_uri}", allow_http=true}}"#
    );
    shell.settings = format!(
        r#"{{secret="a secret that is long enough for it", issuer="us", issuers=[{partner}, {published}]}}"#
    );

    for (token, issuer) in [(&token, "https://partner.example"), (&fetched, "https://published.example")] {
        let answer = shell.answer(&["inspect"], token);
        let verdict = answer.lines().last().expect("a verdict");
        assert_eq!(verdict, format!("accepted as a token of the trusted issuer {issuer}"), "{answer}");
        assert!(
            answer.contains("in the setting `issuers`") && answer.contains("must include \"api\""),
            "{answer}"
        );
        assert!(answer.contains("expires 20") && !answer.contains("jwt-auth revoke"), "{answer}");
        let (report, status) = shell.json(&["inspect"], token);
        assert_eq!((&report["verdict"], &report["claims"]["iss"]), (&json!("accepted"), &json!(issuer)));
        assert_eq!(status, Some(0));
    }
    for (token, why) in [
        (&expired, "it has expired"),
        (&wrong_audience, "its `aud` does not include the audience for https://partner.example: \"api\""),
        (&forged, "https://partner.example has no key with its `kid`"),
        (&stranger, "neither this app (the setting `issuer`) nor a trusted issuer"),
    ] {
        let (answer, _) = shell.failure(&["inspect"], token);
        assert!(answer.lines().last().is_some_and(|verdict| verdict.contains(why)), "{answer}");
        let (report, status) = shell.json(&["inspect"], token);
        assert_eq!((&report["verdict"], status), (&json!("rejected"), Some(1)));
    }
    let without_audience = shell.settings.replace(r#"audience="api", jwks="#, "jwks=");
    let open = Shell { folder: shell.folder.clone(), settings: without_audience };
    let answer = open.answer(&["inspect"], &token);
    assert!(answer.contains("its audience was not checked"), "{answer}");
    let answer = open.answer(&["inspect", "--kind", "api"], &token);
    assert!(answer.ends_with("issuer https://partner.example\n"), "{answer}");
    open.failure(&["inspect", "--kind", "other"], &token);
    std::mem::forget(open);

    shutdown.notify();
    soon("the issuer is down", || std::net::TcpStream::connect(("127.0.0.1", port)).is_err()).await;
    let (answer, complaint) = shell.failure(&["inspect"], &fetched);
    assert!(answer.contains("https://published.example"), "the claims are explained: {answer}");
    assert!(complaint.contains("the keys of https://published.example could not be fetched"), "{complaint}");
}

#[rocket::get("/keys")]
fn published_keys(keys: &rocket::State<jwt_auth::Jwks>) -> jwt_auth::Jwks {
    keys.inner().clone()
}

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
