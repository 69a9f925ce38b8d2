//! Validation of the claims in a Python access token.

use jwt_auth::{Claims, InvalidToken};
use jwt_auth_tests::{payload, wrong_audience};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{LIFE, PHASES, data, reason};
use crate::fixtures::{Account, access_token, account, now, service, token};

#[rocket::async_test]
async fn dates_are_checked() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let verify = |data: Value, exp| auth.verify::<Account>(&access_token(&setup, data, exp));
        let at = |name: &str, seconds: i64| {
            let mut data = data();
            data[name] = (now(&setup) as i64 + seconds).into();
            data
        };
        verify(data(), -9).expect("within the leeway");
        assert_eq!(reason(verify(data(), -10)), InvalidToken::Expired);
        verify(data(), LIFE + 10).expect("within the leeway");
        for longer in [LIFE + 11, 365 * 24 * 60 * 60] {
            let InvalidToken::BadClaims(what) = reason(verify(data(), longer)) else {
                panic!("rejected for another reason")
            };
            assert!(what.contains("JWT_ACCESS_TOKEN_EXPIRE_MINUTES"), "{what}");
        }
        for name in ["nbf", "iat"] {
            verify(at(name, -100), 60).expect("the date has passed");
            verify(at(name, 10), 60).expect("within the leeway");
            assert_eq!(reason(verify(at(name, 11), 60)), InvalidToken::NotYetValid, "{name}");
        }
        for exp in [json!("1"), Value::Null, json!(true), json!(-1), json!([1]), json!(1e300)] {
            let token = token(&json!({ "id": 5, "username": "ann", "exp": exp }));
            assert!(matches!(reason(auth.verify(&token)), InvalidToken::BadClaims(_)), "{exp}");
        }
        let forever = token(&json!({ "id": 5, "username": "ann" }));
        assert_eq!(reason(auth.verify(&forever)), InvalidToken::BadClaims("`exp` is missing".to_owned()));
        let float = token(&json!({ "id": 5, "username": "ann", "exp": now(&setup) as f64 + 60.5 }));
        auth.verify::<Account>(&float).expect("a NumericDate may have a fraction");
    }
}

#[rocket::async_test]
async fn an_issuer_and_an_audience_must_match_if_present() {
    let (_server, setup) = service("issue");
    let setup = setup.with("issuer", "us").with("audience", "api");
    let auth = setup.launch().await;
    let verify = |name: &str, value: Value| {
        let mut data = data();
        data[name] = value;
        auth.verify::<Account>(&access_token(&setup, data, 60))
    };
    auth.verify::<Account>(&access_token(&setup, data(), 60)).expect("the Python service writes neither");
    verify("iss", "us".into()).expect("the issuer matches");
    verify("aud", json!(["other", "api"])).expect("one audience matches");
    assert_eq!(reason(verify("iss", "them".into())), InvalidToken::WrongIssuer);
    assert_eq!(reason(verify("aud", "other".into())), wrong_audience("aud"));
    for (name, value) in [("jti", json!("no uuid")), ("sid", json!(5)), ("sub", json!("6"))] {
        let user = verify(name, value).expect("the claim has no meaning in a Python token");
        assert_eq!((user.id, user.session_id()), (5, None));
    }
    let ours = payload(&auth.create_access_token(&account(5)).await.expect("a token"));
    assert!(
        ours.get("aud").is_none() && ours.get("iss").is_none(),
        "the Python service would reject it: {ours}"
    );
}

/// Claims whose subject field is called `sub`, as in the token.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Sub {
    #[claims(subject)]
    sub: u64,
    name: String,
}

#[rocket::async_test]
async fn the_subject_field_can_be_called_sub() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    let token = auth.create_access_token(&Sub { sub: 5, name: "ann".to_owned() }).await.expect("a token");
    assert_eq!(payload(&token)["sub"], "5", "the Python library does not accept a number");
    assert_eq!(*auth.verify::<Sub>(&token).expect("a valid token"), Sub { sub: 5, name: "ann".to_owned() });
    for wrong in
        [json!({ "sub": 5, "name": "ann" }), json!({ "sub": "05", "name": "ann" }), json!({ "name": "ann" })]
    {
        assert!(auth.verify::<Sub>(&access_token(&setup, wrong.clone(), 60)).is_err(), "{wrong}");
    }
}
