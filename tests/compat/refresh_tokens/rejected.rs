//! Refresh tokens that are rejected although they are in the SET.

use jsonwebtoken::Algorithm::HS256;
use jwt_auth::{InvalidGrant, InvalidToken};
use jwt_auth_tests::{Forge, TestKey, refusal};
use serde_json::json;

use crate::fixtures::{access_token, add, members, now, refresh, refresh_token, service, token, token_of};
use crate::sweep::wait_for_sweep;

#[rocket::async_test]
async fn a_forged_token_is_rejected_even_in_the_set() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let exp = now(&setup) + 60;
        let payload = json!({ "user_id": 5, "exp": exp });
        let attacker = Forge::new(HS256).key(TestKey::of_attacker(HS256));
        let header = r#"{"alg":"HS256","typ":"JWT"}"#;
        let forged = [
            ("another secret", attacker.sign(header, &payload.to_string())),
            ("an access token", access_token(&setup, json!({ "id": 5, "username": "ann" }), 60)),
            (
                "data in addition to the user id",
                access_token(&setup, json!({ "user_id": 5, "name": "ann" }), 60),
            ),
            ("no exp", token(&json!({ "user_id": 5 }))),
            ("exp as text", token(&json!({ "user_id": 5, "exp": exp.to_string() }))),
            ("no user id", token(&json!({ "exp": exp }))),
            ("null", token(&json!({ "user_id": null, "exp": exp }))),
            ("an empty user id", token(&json!({ "user_id": "", "exp": exp }))),
            ("a list", token(&json!({ "user_id": [5], "exp": exp }))),
            ("no typ", Forge::new(HS256).sign(r#"{"alg":"HS256"}"#, &payload.to_string())),
            (
                "this service's typ",
                Forge::new(HS256).sign(r#"{"alg":"HS256","typ":"rt+jwt"}"#, &payload.to_string()),
            ),
            ("a duplicate claim", token_of(&format!(r#"{{"user_id":5,"user_id":5,"exp":{exp}}}"#))),
        ];
        for (what, token) in &forged {
            // Membership in the SET does not make it valid.
            add(&server, token);
            assert!(
                matches!(refusal(refresh(&auth, token).await), InvalidGrant::Token(_)),
                "{phase}: {what}"
            );
            let checked = auth.check_refresh_token(token).await;
            assert!(matches!(refusal(checked), InvalidGrant::Token(_)), "{phase}: {what}");
            assert!(!auth.invalidate_refresh_token(token).await.expect("no error"), "{phase}: {what}");
        }
        assert_eq!(members(&server).len(), forged.len(), "{phase}");
    }
}

#[rocket::async_test]
async fn an_expired_token_is_rejected_even_in_the_set() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        // The sweep at launch would remove the token once it has expired.
        wait_for_sweep(&server).await;
        let token = refresh_token(&server, &setup, 5.into(), 60);
        setup.advance(69);
        auth.check_refresh_token(&token).await.expect("within the leeway");
        setup.advance(1);
        let expired = InvalidGrant::Token(InvalidToken::Expired);
        assert_eq!(refusal(auth.check_refresh_token(&token).await), expired);
        assert_eq!(refusal(refresh(&auth, &token).await), expired);
        assert!(auth.invalidate_refresh_token(&token).await.expect("a logout"), "logging out still works");
        assert!(members(&server).is_empty());
    }
}
