//! Tokens that look like access tokens of the Python service but are not.

use jsonwebtoken::Algorithm::{HS256, HS384};
use jwt_auth::claims::SubjectClaims;
use jwt_auth::{AuthError, Claims, InvalidToken};
use jwt_auth_tests::{Forge, TestKey, payload};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{PHASES, data, reason};
use crate::fixtures::{Account, access_token, now, service, token_of};

#[rocket::async_test]
async fn a_refresh_token_is_not_an_access_token() {
    for phase in PHASES {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let mut tokens: Vec<String> = [json!(5), json!("5"), Value::Null, json!([5]), json!(5.5), json!({})]
            .into_iter()
            .map(|user_id| crate::fixtures::refresh_token(&server, &setup, user_id, 60))
            .collect();
        tokens.push(access_token(&setup, json!({}), 60));
        for token in tokens {
            assert_eq!(reason(auth.verify::<Account>(&token)), InvalidToken::WrongType);
            assert!(auth.verify::<SubjectClaims>(&token).is_err(), "{}", payload(&token));
            assert!(auth.verify::<UserId>(&token).is_err(), "{}", payload(&token));
        }
    }
}

/// Claims that the payload of a refresh token would satisfy.
#[derive(Claims, Debug, Serialize, Deserialize)]
struct UserId {
    #[claims(subject)]
    user_id: u64,
}

#[rocket::async_test]
async fn claims_that_look_like_a_refresh_token_are_not_signed() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    for result in [
        auth.create_access_token(&UserId { user_id: 5 }).await.map(drop),
        auth.generate_tokens(&UserId { user_id: 5 }).await.map(drop),
    ] {
        let Err(AuthError::Internal(message)) = result else { panic!("{result:?}") };
        assert!(message.contains("the token would pass for a refresh token"), "{message}");
    }
}

#[rocket::async_test]
async fn forgeries_are_rejected() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let payload = json!({ "id": 5, "username": "ann", "exp": now(&setup) + 60 }).to_string();
        let forge = Forge::new(HS256);
        let header = |header: &str| forge.sign(header, &payload);
        auth.verify::<Account>(&header(r#"{"alg":"HS256","typ":"JWT"}"#))
            .expect("the header of the Python library");
        auth.verify::<Account>(&header(r#"{"typ": "JWT", "alg": "HS256", "x": 1}"#))
            .expect("the order of header parameters does not matter");

        let attacker = Forge::new(HS256).key(TestKey::of_attacker(HS256));
        let hs384 = Forge::new(HS256).key(TestKey::of(HS384));
        let valid = token_of(&payload);
        let (message, signature) = valid.rsplit_once('.').expect("three parts");
        for (what, token) in [
            ("another secret", attacker.sign(r#"{"alg":"HS256","typ":"JWT"}"#, &payload)),
            ("another algorithm", hs384.sign(r#"{"alg":"HS384","typ":"JWT"}"#, &payload)),
            ("another algorithm's signature", hs384.sign(r#"{"alg":"HS256","typ":"JWT"}"#, &payload)),
            ("alg none", header(r#"{"alg":"none","typ":"JWT"}"#)),
            ("no signature", format!("{message}.")),
            ("a truncated signature", format!("{message}.{}", &signature[..20])),
            ("no typ", header(r#"{"alg":"HS256"}"#)),
            ("another typ", header(r#"{"alg":"HS256","typ":"id+jwt"}"#)),
            ("a duplicate typ", header(r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#)),
            ("crit", header(r#"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#)),
            ("a kid", header(r#"{"alg":"HS256","typ":"JWT","kid":"x"}"#)),
            ("this service's typ", header(r#"{"alg":"HS256","typ":"at+jwt"}"#)),
            ("a duplicate claim", token_of(&format!(r#"{},"id":5}}"#, payload.trim_end_matches('}')))),
            (
                "a duplicate claim with an escaped name",
                token_of(&format!(r#"{},"\u0065xp":9}}"#, payload.trim_end_matches('}'))),
            ),
            ("a duplicate sid", token_of(&format!(r#"{},"sid":9,"sid":9}}"#, payload.trim_end_matches('}')))),
            ("text after the JSON", token_of(&format!("{payload} x"))),
            ("not an object", token_of("[5]")),
        ] {
            assert!(auth.verify::<Account>(&token).is_err(), "{phase}: {what}");
            assert!(auth.verify::<SubjectClaims>(&token).is_err(), "{phase}, subject only: {what}");
        }
        for wrong in [json!({ "id": "5" }), json!({ "id": -5 }), json!({ "sub": "5" })] {
            let mut data = data();
            data.as_object_mut().expect("an object").remove("id");
            data.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
            assert!(auth.verify::<Account>(&access_token(&setup, data, 60)).is_err(), "{wrong}");
        }
    }
}

#[rocket::async_test]
async fn tokens_of_this_service_still_need_all_registered_claims() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let ours = Forge::new(HS256).no_claim("aud").claim("sub", "5".into()).claim("username", "ann".into());
        auth.verify::<Account>(&ours.token()).expect("the format of this service");
        for missing in ["sub", "exp", "iat", "jti"] {
            assert!(auth.verify::<Account>(&ours.clone().no_claim(missing).token()).is_err(), "{missing}");
            assert!(
                auth.verify::<SubjectClaims>(&ours.clone().no_claim(missing).token()).is_err(),
                "{missing}"
            );
        }
        let old = ours.claim("iat", (now(&setup) - 31 * 60).into());
        assert!(auth.verify::<Account>(&old.token()).is_err(), "{phase}: issued too long ago");
    }
}
