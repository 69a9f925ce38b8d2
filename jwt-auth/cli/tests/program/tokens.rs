//! Tokens that are explained and verified.

use jwt_auth_tests::{RedisServer, Setup, User, access_token, free_port, soon, user};
use serde_json::json;

use crate::shell::{Shell, launched};

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
