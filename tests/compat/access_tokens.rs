//! Access tokens: those of the other service, and those in its format.

use jsonwebtoken::Algorithm::{HS256, HS384};
use jwt_auth::claims::BareClaims;
use jwt_auth::{Auth, AuthError, Claims, InvalidToken, JwtAuth, require_auth};
use jwt_auth_tests::{Forge, RedisServer, Setup, TestKey, payload, pem, revoked, soon, user};
use rocket::get;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::service::{Account, access_token, account, now, service, token, token_of};

const PHASES: [&str; 2] = ["issue", "accept"];

/// How long an access token of the other service lives by default, in seconds.
const LIFE: i64 = 30 * 60;

fn reason(answer: Result<Auth<Account>, AuthError>) -> InvalidToken {
    match answer {
        Err(AuthError::InvalidToken(reason)) => reason,
        other => panic!("this should have been refused: {other:?}"),
    }
}

fn data() -> Value {
    json!({ "id": 5, "username": "ann", "team": { "name": "x" } })
}

#[rocket::async_test]
async fn the_data_is_the_claims() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let user = auth.verify::<Account>(&access_token(&setup, data(), LIFE)).expect("a good token");
        assert_eq!((user.id, user.username.as_str(), user.roles.len()), (5, "ann", 0));
        assert_eq!(user.session_id(), None);
        assert_eq!(user.issued_at().as_secs(), now(&setup), "by the lifetime that it has");
        assert_eq!(user.expires_at().as_secs(), now(&setup) + LIFE as u64);
        let again = auth.verify::<Account>(&access_token(&setup, data(), LIFE)).expect("a good token");
        let other = auth.verify::<Account>(&access_token(&setup, data(), LIFE - 1)).expect("a good token");
        assert_eq!(user.token_id(), again.token_id());
        assert_ne!(user.token_id(), other.token_id());
    }
}

#[rocket::async_test]
async fn one_is_ended_by_what_is_in_it() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let (one, other) = (setup.launch().await, setup.launch().await);
        let theirs = access_token(&setup, data(), LIFE);
        let ours = one.create_access_token(&account(5)).expect("a token");
        let left = access_token(&setup, data(), LIFE - 1);
        for token in [&theirs, &ours] {
            let ended = one.verify::<Account>(token).expect("a good token");
            one.revoke_access_token(&ended).await.expect("it is ended");
            for process in [&one, &other] {
                soon("it is refused", || revoked(process.verify::<Account>(token))).await;
                assert!(revoked(process.verify::<BareClaims>(token)), "whatever claims are asked for");
                process.verify::<Account>(&left).expect("it is another one");
            }
        }
    }
}

#[rocket::async_test]
async fn without_the_setting_there_are_none() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let answer = auth.verify::<Account>(&access_token(&setup, data(), 60));
    assert_eq!(reason(answer), InvalidToken::WrongType);
}

#[rocket::async_test]
async fn a_refresh_token_is_no_access_token() {
    for phase in PHASES {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let mut tokens: Vec<String> = [json!(5), json!("5"), Value::Null, json!([5]), json!(5.5), json!({})]
            .into_iter()
            .map(|user_id| crate::service::refresh_token(&server, &setup, user_id, 60))
            .collect();
        tokens.push(access_token(&setup, json!({}), 60));
        for token in tokens {
            assert_eq!(reason(auth.verify::<Account>(&token)), InvalidToken::WrongType);
            assert!(auth.verify::<BareClaims>(&token).is_err(), "{}", payload(&token));
            assert!(auth.verify::<UserId>(&token).is_err(), "{}", payload(&token));
        }
    }
}

/// Claims that a refresh token would be enough for.
#[derive(Claims, Debug, Serialize, Deserialize)]
struct UserId {
    #[claims(subject)]
    user_id: u64,
}

#[rocket::async_test]
async fn data_that_would_be_a_refresh_token_is_not_signed() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    for answer in [
        auth.create_access_token(&UserId { user_id: 5 }).map(drop),
        auth.generate_tokens(&UserId { user_id: 5 }).await.map(drop),
    ] {
        let Err(AuthError::Internal(message)) = answer else { panic!("{answer:?}") };
        assert!(message.contains("it would be a refresh token"), "{message}");
    }
}

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
                panic!("refused otherwise")
            };
            assert!(what.contains("JWT_ACCESS_TOKEN_EXPIRE_MINUTES"), "{what}");
        }
        for name in ["nbf", "iat"] {
            verify(at(name, -100), 60).expect("it has begun");
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
async fn names_that_are_there_must_be_ours() {
    let (_server, setup) = service("issue");
    let setup = setup.with("issuer", "us").with("audience", "api");
    let auth = setup.launch().await;
    let verify = |name: &str, value: Value| {
        let mut data = data();
        data[name] = value;
        auth.verify::<Account>(&access_token(&setup, data, 60))
    };
    auth.verify::<Account>(&access_token(&setup, data(), 60)).expect("they write neither");
    verify("iss", "us".into()).expect("ours");
    verify("aud", json!(["other", "api"])).expect("ours");
    assert_eq!(reason(verify("iss", "them".into())), InvalidToken::WrongIssuer);
    assert_eq!(reason(verify("aud", "other".into())), InvalidToken::WrongAudience);
    for (name, value) in [("jti", json!("no uuid")), ("sid", json!(5)), ("sub", json!("6"))] {
        let user = verify(name, value).expect("it says nothing to us");
        assert_eq!((user.id, user.session_id()), (5, None));
    }
    let ours = payload(&auth.create_access_token(&account(5)).expect("a token"));
    assert!(ours.get("aud").is_none() && ours.get("iss").is_none(), "they would refuse it: {ours}");
}

/// Tokens of the other service name no key.
#[rocket::async_test]
async fn they_are_found_among_several_keys() {
    let (_server, setup) = service("accept");
    let begin = "2020-01-01T00:00:00Z";
    for keys in [
        json!([{ "algorithm": "ES256", "private_key": pem::P256, "not_before": begin }]),
        json!([{ "secret": TestKey::of_attacker(HS256).private, "kid": "next", "not_before": begin }]),
    ] {
        let auth = setup.clone().with("keys", keys).launch().await;
        auth.verify::<Account>(&access_token(&setup, data(), 60)).expect("the secret is among them");
        let ours = auth.create_access_token(&account(5)).expect("another key signs");
        auth.verify::<Account>(&ours).expect("our own");
    }
}

#[rocket::async_test]
async fn forgeries_are_refused() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let payload = json!({ "id": 5, "username": "ann", "exp": now(&setup) + 60 }).to_string();
        let forge = Forge::new(HS256);
        let header = |header: &str| forge.sign(header, &payload);
        auth.verify::<Account>(&header(r#"{"alg":"HS256","typ":"JWT"}"#)).expect("as they make it");
        auth.verify::<Account>(&header(r#"{"typ": "JWT", "alg": "HS256", "x": 1}"#)).expect("or so");

        let attacker = Forge::new(HS256).key(TestKey::of_attacker(HS256));
        let hs384 = Forge::new(HS256).key(TestKey::of(HS384));
        let good = token_of(&payload);
        let (message, signature) = good.rsplit_once('.').expect("three parts");
        for (what, token) in [
            ("another secret", attacker.sign(r#"{"alg":"HS256","typ":"JWT"}"#, &payload)),
            ("another algorithm", hs384.sign(r#"{"alg":"HS384","typ":"JWT"}"#, &payload)),
            ("another algorithm's signature", hs384.sign(r#"{"alg":"HS256","typ":"JWT"}"#, &payload)),
            ("alg none", header(r#"{"alg":"none","typ":"JWT"}"#)),
            ("no signature", format!("{message}.")),
            ("a cut signature", format!("{message}.{}", &signature[..20])),
            ("no typ", header(r#"{"alg":"HS256"}"#)),
            ("another typ", header(r#"{"alg":"HS256","typ":"id+jwt"}"#)),
            ("typ twice", header(r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#)),
            ("crit", header(r#"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#)),
            ("a kid", header(r#"{"alg":"HS256","typ":"JWT","kid":"x"}"#)),
            ("an access token of ours", header(r#"{"alg":"HS256","typ":"at+jwt"}"#)),
            ("a name twice", token_of(&format!(r#"{},"id":5}}"#, payload.trim_end_matches('}')))),
            (
                "an escaped name twice",
                token_of(&format!(r#"{},"\u0065xp":9}}"#, payload.trim_end_matches('}'))),
            ),
            ("sid twice", token_of(&format!(r#"{},"sid":9,"sid":9}}"#, payload.trim_end_matches('}')))),
            ("more than JSON", token_of(&format!("{payload} x"))),
            ("no object", token_of("[5]")),
        ] {
            assert!(auth.verify::<Account>(&token).is_err(), "{phase}: {what}");
            assert!(auth.verify::<BareClaims>(&token).is_err(), "{phase}, bare: {what}");
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
async fn tokens_of_ours_are_as_strict_as_ever() {
    for phase in PHASES {
        let (_server, setup) = service(phase);
        let auth = setup.launch().await;
        let ours = Forge::new(HS256).no_claim("aud").claim("sub", "5".into()).claim("username", "ann".into());
        auth.verify::<Account>(&ours.token()).expect("as this service makes it");
        for missing in ["sub", "exp", "iat", "jti"] {
            assert!(auth.verify::<Account>(&ours.clone().no_claim(missing).token()).is_err(), "{missing}");
            assert!(auth.verify::<BareClaims>(&ours.clone().no_claim(missing).token()).is_err(), "{missing}");
        }
        let old = ours.claim("iat", (now(&setup) - 31 * 60).into());
        assert!(auth.verify::<Account>(&old.token()).is_err(), "{phase}: issued too long ago");
    }
}

/// Claims whose subject is `sub` for both.
#[derive(Claims, Debug, PartialEq, Serialize, Deserialize)]
struct Sub {
    #[claims(subject)]
    sub: u64,
    name: String,
}

#[rocket::async_test]
async fn a_subject_may_be_sub() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    let token = auth.create_access_token(&Sub { sub: 5, name: "ann".to_owned() }).expect("a token");
    assert_eq!(payload(&token)["sub"], "5", "their library takes no number");
    assert_eq!(*auth.verify::<Sub>(&token).expect("a good token"), Sub { sub: 5, name: "ann".to_owned() });
    for wrong in
        [json!({ "sub": 5, "name": "ann" }), json!({ "sub": "05", "name": "ann" }), json!({ "name": "ann" })]
    {
        assert!(auth.verify::<Sub>(&access_token(&setup, wrong.clone(), 60)).is_err(), "{wrong}");
    }
}

#[rocket::async_test]
async fn who_begins_what_phase() {
    let (_server, setup) = service("issue");
    let issue = setup.launch().await;
    let accept = setup.clone().with("fastapi_framework", "accept").launch().await;
    let kind = |token: &str| jsonwebtoken::decode_header(token).expect("a header").typ;
    let theirs = issue.create_access_token(&account(5)).expect("a token");
    let ours = accept.create_access_token(&account(5)).expect("a token");
    assert_eq!((kind(&theirs).as_deref(), kind(&ours).as_deref()), (Some("JWT"), Some("at+jwt")));
    for auth in [&issue, &accept] {
        for token in [&theirs, &ours] {
            assert_eq!(*auth.verify::<Account>(token).expect("good in both phases"), account(5));
        }
    }
}

#[require_auth(strict)]
#[get("/strict")]
fn strict() {}

#[require_auth]
#[get("/")]
fn anybody() {}

#[rocket::async_test]
async fn what_asks_the_store_refuses_them() {
    let (_server, setup) = service("accept");
    for (revocation, open) in [("push", Status::Ok), ("strict", Status::Unauthorized)] {
        let setup = setup.clone().with("revocation", revocation);
        let rocket = setup.rocket().mount("/", jwt_auth::routes![strict, anybody]);
        let client = Client::tracked(rocket).await.expect("the app launches");
        let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
        let token = access_token(&setup, data(), 60);
        let get = async |path: &str| {
            let bearer = Header::new("Authorization", format!("Bearer {token}"));
            client.get(path.to_owned()).header(bearer).dispatch().await.status()
        };
        assert_eq!(get("/strict").await, Status::Unauthorized);
        assert_eq!(get("/").await, open);
        let user = auth.verify::<Account>(&token).expect("this does not ask");
        assert!(auth.check_session(&user).await.is_err());
    }
}

#[rocket::async_test]
async fn names_without_umlauts_and_with() {
    let (_server, setup) = service("issue");
    let auth = setup.launch().await;
    for name in ["ann", "änn 🦀 \" \\ \u{7f}"] {
        let token = auth.create_access_token(&user(name)).expect("a token");
        assert_eq!(auth.verify::<jwt_auth_tests::User>(&token).expect("a good token").name, name);
    }
}
