//! What other issuers put into their tokens, and leave out.

use std::time::Duration;

use jwt_auth::InvalidToken::{Expired, NotYetValid};
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth_tests::{TestKey, soon};
use rocket::serde::json::json;
use uuid::Uuid;

use super::*;

#[rocket::async_test]
async fn what_others_may_leave_out_or_use_otherwise() {
    let setup = setup();
    let auth = setup.launch().await;
    for (name, token) in [
        ("as it is", of_partner()),
        ("at+jwt", of_partner().header("typ", json!("application/at+JWT"))),
        ("no typ", of_partner().no_header("typ")),
        ("no jti", of_partner().no_claim("jti")),
        ("a jti that is no UUID", of_partner().claim("jti", json!("abc"))),
        ("a jti that is a number", of_partner().claim("jti", json!(5))),
        ("no iat", of_partner().no_claim("iat")),
        ("an iat that is text", of_partner().claim("iat", json!("yesterday"))),
        ("an old iat", of_partner().claim("iat", json!(1_000_000_000))),
        ("a far exp", of_partner().claim("exp", json!(4_000_000_000_u64))),
        ("a sid that is no UUID", of_partner().claim("sid", json!("s-1"))),
        ("a sid that is one of ours", of_partner().claim("sid", json!(Uuid::new_v4()))),
        ("an acr that is a number", of_partner().claim("acr", json!(1)).claim("auth_time", json!("now"))),
        ("a ver", of_partner().claim("ver", json!("2.0"))),
    ] {
        let partner =
            auth.verify::<Partner>(&token.token()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!((partner.id.as_str(), partner.session_id()), ("ann", None), "{name}");
        let session = auth.check_session(&partner).await;
        assert!(session.is_err(), "a session of theirs is none of ours: {name}");
    }

    let now = setup.clock.now().as_secs();
    let jti = Uuid::new_v4();
    let token =
        of_partner().claim("jti", json!(jti)).claim("auth_time", json!(now - 5)).claim("acr", json!("mfa"));
    let partner = auth.verify::<Partner>(&token.token()).expect("a good token");
    assert_eq!((partner.token_id(), partner.acr()), (jti, Some("mfa")));
    assert_eq!(partner.signed_in_at(), Some(Timestamp::from_secs(now - 5)));

    assert_eq!(reason::<Partner>(&auth, &of_partner().claim("exp", json!(now - 10)).token()), Expired);
    assert_eq!(reason::<Partner>(&auth, &of_partner().claim("nbf", json!(now + 11)).token()), NotYetValid);
    for claim in ["exp", "sub"] {
        auth.verify::<Partner>(&of_partner().no_claim(claim).token()).expect_err(claim);
    }
    auth.verify::<Partner>(&of_partner().claim("sub", json!("")).token()).expect_err("nobody");
}

/// Their ids are in another name space, and only they know for how long one would have to be remembered.
#[rocket::async_test]
async fn tokens_of_others_are_not_ended_here() {
    let auth = setup().launch().await;
    let (ours, _) = of_app(&auth);
    let ours = auth.verify::<Caller>(&ours).expect("a good token");
    let theirs = of_partner().claim("jti", json!(ours.token_id())).token();
    let partner = auth.verify::<Caller>(&theirs).expect("a good token");
    let answer = auth.revoke_access_token(&partner).await;
    assert!(matches!(answer, Err(AuthError::InvalidToken(InvalidToken::WrongIssuer))), "{answer:?}");

    let (member, service) = of_app(&auth);
    for token in [&member, &service] {
        auth.revoke_access_token(&auth.verify::<Caller>(token).expect("a good token"))
            .await
            .expect("it ends");
        assert_eq!(reason::<Caller>(&auth, token), InvalidToken::Revoked);
    }
    auth.revoke_access_token(&ours).await.expect("it ends");
    auth.verify::<Caller>(&theirs).expect("it has the id of one that was ended");
}

/// One whose access tokens have no `aud`, and whose other tokens do (Amazon Cognito).
#[rocket::async_test]
async fn an_audience_by_another_name() {
    let auth = setup().launch().await;
    auth.verify::<Cloud>(&of_cloud().token()).expect("a good token");
    for token in [
        of_cloud().claim("client_id", json!("client-2")),
        of_cloud().no_claim("client_id"),
        of_cloud().no_claim("client_id").claim("aud", json!("client-1")),
    ] {
        assert_eq!(reason::<Cloud>(&auth, &token.token()), InvalidToken::WrongAudience);
    }
}

/// Requests with tokens of others do not ask the store, whatever the app's own do.
#[test]
fn strict_revocation_is_about_the_apps_own_sessions() {
    let client = client(&setup().with("revocation", "strict"));
    assert_eq!(let_in(&client, &of_partner().token()), ["/caller", "/partner"]);
    let (member, _) = of_app(crate::app::auth(&client));
    assert!(let_in(&client, &member).is_empty(), "it belongs to no session");
}

/// The keys of others change like the app's own.
#[rocket::async_test]
async fn keys_of_others_are_loaded_anew() {
    let file = std::env::temp_dir().join(format!("jwt-auth-partner-{}.json", Uuid::new_v4()));
    let public = |key: &str, kid: &str| {
        let mut key: Value = serde_json::from_str(key).expect("JSON");
        key.as_object_mut()
            .expect("an object")
            .retain(|name, _| ["kty", "crv", "n", "e", "x", "y"].contains(&name.as_str()));
        key["kid"] = json!(kid);
        key
    };
    let set = |keys: Vec<Value>| {
        std::fs::write(&file, json!({ "keys": keys }).to_string()).expect("a file can be written")
    };
    let other = public(jwk::P256, "other");
    set(vec![other.clone(), json!({ "kty": "oct", "k": TestKey::SECRET, "alg": "HS256", "kid": "secret" })]);
    let issuers = json!([{ "issuer": PARTNER, "audience": "api", "jwks": file }]);
    let setup = bare().with("reload_keys", "100ms").with("issuers", settings(issuers));
    let auth = setup.launch().await;
    let token = of_partner().header("kid", json!("rsa")).token();
    assert_eq!(reason::<Partner>(&auth, &token), InvalidToken::UnknownKey);
    let by_secret = Forge::new(Algorithm::HS256).claim("iss", json!(PARTNER)).header("kid", json!("secret"));
    assert_eq!(
        reason::<Partner>(&auth, &by_secret.token()),
        InvalidToken::UnknownKey,
        "a secret that everybody reads"
    );

    // Without an `alg`, an RSA key is for RS256.
    set(vec![other, public(jwk::RSA_2048, "rsa")]);
    soon("the key of the partner is there", || auth.verify::<Partner>(&token).is_ok()).await;

    let elsewhere = json!([{ "issuer": CLOUD, "audience": "api", "jwks": file }]);
    let error = auth.reload_keys(bare().with("issuers", settings(elsewhere)).figment());
    assert!(error.expect_err("other issuers").to_string().contains("restart"));
    setup.clock.advance(Duration::from_secs(1));
    auth.verify::<Partner>(&token).expect("nothing has changed");
    std::fs::remove_file(file).expect("a file can be removed");
}

/// An `aud` that is there is never for somebody else (RFC 7519, section 4.1.3), whichever claim names the audience.
#[rocket::async_test]
async fn an_audience_beside_the_claim_that_names_it() {
    let auth = setup().launch().await;
    auth.verify::<Cloud>(&of_cloud().token()).expect("it has no `aud`");
    let token = of_cloud().claim("aud", json!("somebody else")).token();
    assert_eq!(reason::<Cloud>(&auth, &token), jwt_auth::InvalidToken::WrongAudience);
}

/// Not only routes: what an issuer issues to anybody counts nowhere.
#[rocket::async_test]
async fn an_issuer_without_an_audience_is_believed_in_nothing() {
    let issuer =
        json!({ "issuer": CLOUD, "algorithm": "EdDSA", "public_key": pem::ED25519_PUBLIC, "kid": "cloud-1" });
    let auth = setup().with("issuers", [issuer]).launch().await;
    let token = of_cloud().no_claim("aud").no_claim("client_id").token();
    assert_eq!(reason::<Cloud>(&auth, &token), jwt_auth::InvalidToken::WrongAudience);
}
