//! A token of one issuer or audience never passes for one of another.

use jsonwebtoken::Algorithm::{ES256, EdDSA, HS256, RS256};
use jwt_auth::InvalidToken::{BadSignature, UnknownKey, WrongAlgorithm, WrongIssuer, WrongType};
use jwt_auth::{AuthError, TokenPair};
use jwt_auth_tests::{Forge, TestKey, payload, pem};
use rocket::serde::json::{Value, json};

use super::*;
use crate::app::auth;

#[test]
fn each_token_opens_only_the_routes_for_its_claims() {
    let client = client(&setup());
    let (member, service) = of_app(auth(&client));
    assert_eq!(payload(&service)["aud"], "internal");
    for (token, own, shown) in [
        (&member, "/member", "member ann"),
        (&service, "/service", "service ann"),
        (&of_partner().token(), "/partner", "partner ann"),
        (&of_cloud().token(), "/cloud", "cloud ann"),
    ] {
        assert_eq!(let_in(&client, token), ["/caller", own], "the token of {shown}");
        assert_eq!(request(&client, "/caller", token).as_deref(), Some(shown));
        assert_eq!(request(&client, "/maybe", token).as_deref(), Some("signed in"));
        assert_eq!(request(&client, "/things/ann", token).as_deref(), Some("ann"));
        assert_eq!(get(&client, "/things/ben", &[format!("Bearer {token}")]).status(), Status::Forbidden);
    }
    assert_eq!(get(&client, "/maybe", &[]).into_string().as_deref(), Some("anonymous"));
    assert_eq!(request(&client, "/maybe", "garbage"), None);
    assert_eq!(request(&client, "/twice", &of_partner().token()).as_deref(), Some("ann ann"));

    let admin = of_cloud().claim("cognito:groups", json!(["admin"])).token();
    assert_eq!(request(&client, "/things/ben", &admin).as_deref(), Some("ben"));
}

/// Tries the key of each issuer with the name of every other issuer.
#[test]
fn no_issuer_can_sign_for_another() {
    let client = client(&setup());
    for key in [ES256, RS256, EdDSA] {
        for (issuer, owner) in [("us", ES256), (PARTNER, RS256), (CLOUD, EdDSA)] {
            for (claim, audience) in [
                ("aud", json!("app")),
                ("aud", json!("internal")),
                ("aud", json!("api")),
                ("client_id", json!("client-1")),
            ] {
                for kid in [None, Some("cloud-1"), auth(&client).jwks().keys().first().map(|key| key.kid())] {
                    let mut forge = Forge::new(key)
                        .claim("iss", json!(issuer))
                        .no_claim("aud")
                        .claim(claim, audience.clone());
                    if let Some(kid) = kid {
                        forge = forge.header("kid", json!(kid));
                    }
                    let accepted = !let_in(&client, &forge.token()).is_empty();
                    assert!(
                        !accepted || key == owner,
                        "the {key:?} key signs for {issuer}: {claim} {audience}, {kid:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn each_rejection_has_a_specific_reason() {
    let client = client(&setup());
    let auth = auth(&client);
    let partner = of_partner();
    for (token, expected) in [
        (partner.clone().key(TestKey::of_attacker(RS256)).token(), BadSignature),
        (partner.clone().header("kid", json!("other")).token(), UnknownKey),
        (Forge::new(ES256).claim("iss", json!(PARTNER)).token(), WrongAlgorithm),
        // Signed by the partner, with the issuer of the app, without an issuer, and with a similar URL.
        (partner.clone().claim("iss", json!("us")).token(), WrongIssuer),
        (partner.clone().no_claim("iss").token(), WrongIssuer),
        (partner.clone().claim("iss", json!("https://partner.example/")).token(), WrongIssuer),
        (partner.clone().no_claim("aud").token(), wrong_audience("aud")),
        (partner.clone().claim("aud", json!([])).token(), wrong_audience("aud")),
        // An audience from the settings that is not the audience of the claims.
        (partner.clone().claim("aud", json!("other")).token(), wrong_audience("aud")),
        (partner.clone().header("typ", json!("rt+jwt")).token(), WrongType),
        (partner.clone().header("typ", json!("logout+jwt")).token(), WrongType),
    ] {
        assert_eq!(reason::<Partner>(auth, &token), expected, "{token}");
        assert_eq!(request(&client, "/caller", &token), None, "{token}");
    }
    for claim in ["iss", "aud", "exp", "sub"] {
        let token = partner.clone().claim(claim, json!([1])).token();
        assert_eq!(request(&client, "/partner", &token), None, "{claim}");
        assert_eq!(request(&client, "/caller", &token), None, "{claim}");
    }
    let iss = partner.clone().claim("iss", json!([PARTNER])).token();
    assert_eq!(request(&client, "/caller", &iss), None);
    let twice = partner.with_more_payload(r#","iss":"https://partner.example""#);
    assert_eq!((request(&client, "/caller", &twice), request(&client, "/partner", &twice)), (None, None));

    for aud in [json!(["api"]), json!(["elsewhere", "api"])] {
        assert!(request(&client, "/partner", &partner.clone().claim("aud", aud).token()).is_some());
    }
}

/// A token for two audiences of one enum is ambiguous.
#[test]
fn a_token_that_fits_two_variants_is_rejected() {
    let client = client(&setup());
    let auth = auth(&client);
    let forge = Forge::like(&of_app(auth).0, ES256);
    let token = forge.claim("aud", json!(["app", "internal"])).token();
    let InvalidToken::BadClaims(problem) = reason::<Caller>(auth, &token) else { panic!("another reason") };
    assert_eq!(problem, "the token names the audiences of several variants of the claims type");
}

/// Without an `issuer` setting, a token of the app has no `iss`.
#[test]
fn an_app_without_an_issuer_rejects_its_own_key_under_another_issuer() {
    let unnamed = bare().with("issuers", settings(json!([
        { "issuer": PARTNER, "audience": "api", "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC },
        { "issuer": CLOUD, "audience": "client-1", "algorithm": "EdDSA", "public_key": pem::ED25519_PUBLIC },
    ])));
    let client = client(&unnamed);
    let (member, service) = of_app(auth(&client));
    assert_eq!(let_in(&client, &member), ["/caller", "/member"]);
    assert_eq!(let_in(&client, &service), ["/caller", "/service"]);
    let theirs = Forge::like(&member, ES256).claim("iss", json!(PARTNER));
    assert!(let_in(&client, &theirs.token()).is_empty());
    // RFC 7519, section 4.1.3: intended for another audience.
    let elsewhere = Forge::like(&member, ES256).claim("aud", json!("elsewhere"));
    assert!(let_in(&client, &elsewhere.token()).is_empty());
}

#[rocket::async_test]
async fn an_app_does_not_issue_tokens_for_other_issuers() {
    let auth = setup().launch().await;
    let partner = || Partner { id: "ann".to_owned(), roles: Vec::new() };
    let refused = |result: Result<TokenPair, AuthError>| match result {
        Err(AuthError::Internal(text)) => {
            assert!(text.contains("Partner") && text.contains(PARTNER), "{text}")
        }
        other => panic!("{other:?}"),
    };
    refused(auth.generate_tokens(&partner()).await);
    refused(auth.generate_tokens(&Caller::Partner(partner())).await);
    assert!(matches!(auth.create_access_token(&partner()).await, Err(AuthError::Internal(_))));

    // The app's own variants are issued, each with its own audience.
    let member = Caller::Member(Member { id: "ann".to_owned(), roles: Vec::new() });
    let pair = auth.generate_tokens(&member).await.expect("the app's own claims");
    assert_eq!(auth.verify::<Member>(&pair.access_token).expect("a member").id, "ann");
    let service = Caller::Service(Service { id: "ann".to_owned(), roles: Vec::new() });
    let pair = auth.generate_tokens(&service).await.expect("the app's own claims");
    assert_eq!(payload(&pair.access_token)["aud"], "internal");
}

/// The same subject at another issuer is another user, whom a logout from this app does not affect.
#[test]
fn subjects_of_other_issuers_are_separate() {
    let client = client(&setup());
    let auth = auth(&client);
    let (member, _) = of_app(auth);
    rocket::async_test(async { auth.revoke_subject::<Member>("ann").await }).expect("memory works");
    assert_eq!(let_in(&client, &member), [""; 0]);
    assert_eq!(request(&client, "/partner", &of_partner().token()).as_deref(), Some("ann"));
}

/// A secret that is shared with a partner verifies the partner's tokens, but not the app's own.
#[test]
fn a_secret_can_be_shared_with_a_partner() {
    let issuers = json!([
        { "issuer": PARTNER, "audience": "api", "secret": TestKey::SECRET },
        { "issuer": CLOUD, "audience": "client-1", "algorithm": "EdDSA", "public_key": pem::ED25519_PUBLIC },
    ]);
    let client = client(&bare().with("issuers", settings(issuers)));
    let token = |iss: Value| Forge::new(HS256).claim("iss", iss).token();
    assert_eq!(let_in(&client, &token(json!(PARTNER))), ["/caller", "/partner"]);
    assert!(let_in(&client, &token(json!("us"))).is_empty());
}
