//! The claims of other issuers: which they may omit, and which they may use differently.

use std::time::Duration;

use jwt_auth::InvalidToken::{Expired, NotYetValid};
use jwt_auth::clock::{Clock, Timestamp};
use jwt_auth_tests::{TestKey, soon};
use rocket::serde::json::json;
use uuid::Uuid;

use super::*;

#[rocket::async_test]
async fn unusual_claims_of_other_issuers_are_accepted() {
    let setup = setup();
    let auth = setup.launch().await;
    for (name, token) in [
        ("unchanged", of_partner()),
        ("at+jwt", of_partner().header("typ", json!("application/at+JWT"))),
        ("no typ", of_partner().no_header("typ")),
        ("no jti", of_partner().no_claim("jti")),
        ("a jti that is not a UUID", of_partner().claim("jti", json!("abc"))),
        ("a jti that is a number", of_partner().claim("jti", json!(5))),
        ("no iat", of_partner().no_claim("iat")),
        ("an iat that is a string", of_partner().claim("iat", json!("yesterday"))),
        ("an old iat", of_partner().claim("iat", json!(1_000_000_000))),
        ("an exp in the distant future", of_partner().claim("exp", json!(4_000_000_000_u64))),
        ("a sid that is not a UUID", of_partner().claim("sid", json!("s-1"))),
        ("a sid that is a UUID", of_partner().claim("sid", json!(Uuid::new_v4()))),
        ("an acr that is a number", of_partner().claim("acr", json!(1)).claim("auth_time", json!("now"))),
        ("a ver", of_partner().claim("ver", json!("2.0"))),
    ] {
        let partner =
            auth.verify::<Partner>(&token.token()).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!((partner.id.as_str(), partner.session_id()), ("ann", None), "{name}");
        let session = auth.check_session(&partner).await;
        assert!(session.is_err(), "a session of another issuer is not a session of the app: {name}");
    }

    let now = setup.clock.now().as_secs();
    let jti = Uuid::new_v4();
    let token =
        of_partner().claim("jti", json!(jti)).claim("auth_time", json!(now - 5)).claim("acr", json!("mfa"));
    let partner = auth.verify::<Partner>(&token.token()).expect("a valid token");
    assert_eq!((partner.token_id(), partner.acr()), (jti, Some("mfa")));
    assert_eq!(partner.signed_in_at(), Some(Timestamp::from_secs(now - 5)));

    assert_eq!(reason::<Partner>(&auth, &of_partner().claim("exp", json!(now - 10)).token()), Expired);
    assert_eq!(reason::<Partner>(&auth, &of_partner().claim("nbf", json!(now + 11)).token()), NotYetValid);
    for claim in ["exp", "sub"] {
        auth.verify::<Partner>(&of_partner().no_claim(claim).token()).expect_err(claim);
    }
    auth.verify::<Partner>(&of_partner().claim("sub", json!("")).token()).expect_err("an empty subject");
}

/// Ids of other issuers may collide with the app's own, and their lifetimes are unknown.
#[rocket::async_test]
async fn tokens_of_other_issuers_cannot_be_revoked() {
    let auth = setup().launch().await;
    let (ours, _) = of_app(&auth);
    let ours = auth.verify::<Caller>(&ours).expect("a valid token");
    let theirs = of_partner().claim("jti", json!(ours.token_id())).token();
    let partner = auth.verify::<Caller>(&theirs).expect("a valid token");
    let result = auth.revoke_access_token(&partner).await;
    assert!(matches!(result, Err(AuthError::InvalidToken(InvalidToken::WrongIssuer))), "{result:?}");

    let (member, service) = of_app(&auth);
    for token in [&member, &service] {
        auth.revoke_access_token(&auth.verify::<Caller>(token).expect("a valid token"))
            .await
            .expect("a revocation");
        assert_eq!(reason::<Caller>(&auth, token), InvalidToken::Revoked);
    }
    auth.revoke_access_token(&ours).await.expect("a revocation");
    auth.verify::<Caller>(&theirs).expect("only the app's token with this id is revoked");
}

/// Access tokens of Amazon Cognito have no `aud`; its other tokens do.
#[rocket::async_test]
async fn the_audience_can_be_in_another_claim() {
    let auth = setup().launch().await;
    auth.verify::<Cloud>(&of_cloud().token()).expect("a valid token");
    for token in [
        of_cloud().claim("client_id", json!("client-2")),
        of_cloud().no_claim("client_id"),
        of_cloud().no_claim("client_id").claim("aud", json!("client-1")),
    ] {
        assert_eq!(reason::<Cloud>(&auth, &token.token()), wrong_audience("client_id"));
        assert_eq!(reason::<Caller>(&auth, &token.token()), wrong_audience("client_id"));
    }
}

/// Verifying a token of another issuer never involves the store.
#[test]
fn strict_revocation_applies_only_to_the_apps_own_tokens() {
    let client = client(&setup().with("revocation", "strict"));
    assert_eq!(let_in(&client, &of_partner().token()), ["/caller", "/partner"]);
    let (member, _) = of_app(crate::app::auth(&client));
    assert!(let_in(&client, &member).is_empty(), "the token belongs to no session");
}

/// Keys of other issuers are reloaded like the app's own.
#[rocket::async_test]
async fn keys_of_other_issuers_are_reloaded() {
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
        "a secret in a public set is not used"
    );

    // Without an `alg`, an RSA key is for RS256.
    set(vec![other, public(jwk::RSA_2048, "rsa")]);
    soon("the partner's key is loaded", || auth.verify::<Partner>(&token).is_ok()).await;

    let elsewhere = json!([{ "issuer": CLOUD, "audience": "api", "jwks": file }]);
    let error = auth.reload_keys(bare().with("issuers", settings(elsewhere)).figment());
    assert!(error.expect_err("the issuers have changed").to_string().contains("restart"));
    setup.clock.advance(Duration::from_secs(1));
    auth.verify::<Partner>(&token).expect("nothing has changed");
    std::fs::remove_file(file).expect("a file can be removed");
}

/// If a token has an `aud`, it must match (RFC 7519, section 4.1.3), even if another claim contains the audience.
#[rocket::async_test]
async fn an_aud_must_match_in_addition_to_the_audience_claim() {
    let auth = setup().launch().await;
    auth.verify::<Cloud>(&of_cloud().token()).expect("a token without `aud`");
    let token = of_cloud().claim("aud", json!("another app")).token();
    assert_eq!(reason::<Cloud>(&auth, &token), wrong_audience("aud"));
}

/// This applies to every verification, not only on routes.
#[rocket::async_test]
async fn tokens_of_an_issuer_without_an_audience_are_rejected() {
    let issuer =
        json!({ "issuer": CLOUD, "algorithm": "EdDSA", "public_key": pem::ED25519_PUBLIC, "kid": "cloud-1" });
    let auth = setup().with("issuers", [issuer]).launch().await;
    let token = of_cloud().no_claim("aud").no_claim("client_id").token();
    assert_eq!(reason::<Cloud>(&auth, &token), wrong_audience("aud"));
}
