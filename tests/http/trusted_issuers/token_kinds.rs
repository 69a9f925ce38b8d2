//! Tokens that are not access tokens, or no bearer tokens.

use jwt_auth::InvalidToken::{IdToken, SenderConstrained, WrongType};
use jwt_auth_tests::{Log, user};

use super::*;

/// The same app, in which the table of the partner has this setting.
fn with(key: &str, value: &str) -> Setup {
    let mut partner = json!({
        "issuer": PARTNER, "audience": "api", "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC,
    });
    partner[key] = json!(value);
    bare().with("issuer", "us").with("issuers", json!([partner]))
}

#[rocket::async_test]
async fn an_id_token_is_accepted_only_if_the_settings_say_so() {
    let (strict, lenient) = (setup().launch().await, with("accept", "id_token").launch().await);
    for (claim, value) in [("at_hash", "x"), ("c_hash", "x"), ("token_use", "id"), ("typ", "ID")] {
        let token = of_partner().claim(claim, json!(value)).token();
        assert_eq!(reason::<Partner>(&strict, &token), IdToken, "{claim}");
        lenient.verify::<Partner>(&token).unwrap_or_else(|error| panic!("{claim}: {error:?}"));
    }
    for (claim, value) in [("token_use", json!("access")), ("typ", json!("Bearer")), ("at_hash", json!(null))]
    {
        let token = of_partner().claim(claim, value).token();
        strict.verify::<Partner>(&token).unwrap_or_else(|error| panic!("{claim}: {error:?}"));
    }
}

#[test]
fn the_log_says_that_a_token_is_an_id_token() {
    let client = client(&setup());
    let log = Log::capture();
    assert_eq!(request(&client, "/partner", &of_partner().claim("at_hash", json!("x")).token()), None);
    assert!(log.text().contains("set `accept = \"id_token\"` for the issuer"), "{}", log.text());
}

#[rocket::async_test]
async fn a_token_that_is_bound_to_a_key_is_no_bearer_token() {
    let setup = setup();
    let auth = setup.launch().await;
    for cnf in [
        json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }),
        json!({ "x5t#S256": "x" }),
        json!({}),
        json!("x"),
    ] {
        let token = of_partner().claim("cnf", cnf.clone()).token();
        assert_eq!(reason::<Partner>(&auth, &token), SenderConstrained, "{cnf}");
    }
    auth.verify::<Partner>(&of_partner().claim("cnf", json!(null)).token()).expect("it is not bound");

    // One of the app's own, from another service with the same key.
    let own = bare().launch().await;
    let token = access_token(&own, &user("ann"));
    let bound = Forge::like(&token, Algorithm::ES256).claim("cnf", json!({ "jkt": "x" })).token();
    assert_eq!(reason::<jwt_auth_tests::User>(&own, &bound), SenderConstrained);
}

#[rocket::async_test]
async fn the_settings_may_require_a_type() {
    let auth = with("typ", "at+jwt").launch().await;
    for typ in ["at+jwt", "application/at+jwt", "AT+JWT"] {
        auth.verify::<Partner>(&of_partner().header("typ", json!(typ)).token()).expect(typ);
    }
    for other in [of_partner(), of_partner().no_header("typ"), of_partner().header("typ", json!("dpop+jwt"))]
    {
        assert_eq!(reason::<Partner>(&auth, &other.token()), WrongType);
    }
}

/// Entra puts up to 200 groups into a token.
#[rocket::async_test]
async fn a_token_with_200_groups_is_accepted() {
    let groups: Vec<String> = (0..200).map(|_| uuid::Uuid::new_v4().to_string()).collect();
    let token = of_partner().claim("groups", json!(groups)).token();
    assert!(token.len() > 10_000);
    setup().launch().await.verify::<Partner>(&token).expect("it is not too long");

    let strict = with("max_token_length", "8KiB").launch().await;
    let reason = reason::<Partner>(&strict, &token);
    assert!(matches!(reason, InvalidToken::TooLong { max: 8192, .. }), "{reason:?}");
    assert_eq!(reason.to_string(), format!("the token has {} bytes; the maximum is 8192", token.len()));
}

/// The log is where an operator looks first when a provider's tokens are rejected.
#[test]
fn the_log_names_the_claim_that_a_token_is_rejected_for() {
    let client = client(&setup());
    for (route, token, expected) in [
        ("/partner", of_partner().claim("aud", json!("account")), "WrongAudience { claim: \"aud\" }"),
        ("/cloud", of_cloud().claim("client_id", json!("x")), "WrongAudience { claim: \"client_id\" }"),
        ("/cloud", of_cloud().claim("aud", json!("x")), "WrongAudience { claim: \"aud\" }"),
        (
            "/partner",
            of_partner().claim("roles", json!("admin")),
            "`roles`: invalid type: string \\\"admin\\\"",
        ),
        ("/partner", of_partner().claim("sub", json!(7)), "`sub`: invalid type: integer `7`"),
        ("/partner", of_partner().claim("exp", json!("soon")), "`exp`: invalid type: string \\\"soon\\\""),
        ("/partner", of_partner().no_claim("sub"), "`sub` is missing"),
        ("/partner", of_partner().no_claim("exp"), "`exp` is missing"),
        ("/partner", of_partner().claim("iss", json!([PARTNER])), "`iss`: invalid type: sequence"),
        (
            "/cloud",
            of_cloud().claim("cognito:groups", json!([1])),
            "`cognito:groups`: invalid type: integer `1`",
        ),
    ] {
        let log = Log::capture();
        assert_eq!(request(&client, route, &token.token()), None);
        assert!(log.text().contains(expected), "`{expected}` is not in: {}", log.text());
    }
}
