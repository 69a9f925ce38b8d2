//! Unusual but valid tokens are accepted. This shows that each forgery is rejected for its flaw, not because it is
//! unusual.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jwt_auth_tests::{Forge, Setup, payload};
use serde_json::json;

use crate::forgeries::P256_ORDER;
use crate::server::Server;
use crate::{ALGORITHMS, setup};

type Case = (&'static str, fn(&Forge) -> String);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("unchanged",                    |t| t.token()),
    // RFC 7519, section 4, and RFC 7515, section 4: unknown members are ignored.
    ("unknown claims",               |t| t.clone().claim("x", json!({ "a": [1, null] })).claim("client_id", json!("c")).token()),
    ("unknown header parameters",    |t| t.clone().header("x", json!([1])).header("cty", json!("x")).token()),
    ("a null claim",                  |t| t.clone().claim("x", json!(null)).token()),
    ("a claim with 3000 digits",      |t| t.with_more_payload(&format!(r#","x":"{}""#, "9".repeat(3_000)))),
    // RFC 9068, section 4; RFC 7515, section 4.1.9.
    ("typ application/at+jwt",       |t| t.clone().header("typ", json!("application/at+jwt")).token()),
    ("typ in uppercase",              |t| t.clone().header("typ", json!("AT+JWT")).token()),
    // RFC 7519, section 4.1.3.
    ("aud a list with ours",         |t| t.clone().claim("aud", json!(["shop", "api"])).token()),
    ("aud a list with ours alone",    |t| t.clone().claim("aud", json!(["api"])).token()),
    // RFC 7519, section 2: a date may have a fraction.
    ("exp with a fraction",          |t| t.clone().claim("exp", json!(4_000_000_000.5)).token()),
    ("exp in the distant future",     |t| t.clone().claim("exp", json!(9_007_199_254_740_991_u64)).token()),
    ("nbf in the past",               |t| t.clone().claim("nbf", json!(1)).token()),
    // The same JSON can be written in many ways.
    ("claims in another order",      |t| t.clone().no_claim("iss").with_more_payload(r#","iss":"us""#)),
    ("white space",                  |t| t.sign(&format!(" {} ", t.header_text()), &format!("\n{}\t", t.payload_text()))),
    ("escapes in a claim",           |t| t.clone().no_claim("sub").with_more_payload(r#","sub":"\u0061lice""#)),
    ("escapes in a name",            |t| t.clone().no_claim("sub").with_more_payload(r#","\u0073ub":"alice""#)),
    ("escapes in the header",        |t| t.clone().no_header("typ").with_more_header(r#","ty\u0070":"\u0061t+jwt""#)),
    // Neither these names nor a key in the header have an effect (RFC 8725, section 3.10).
    ("JavaScript's special names",    |t| t.clone().claim("__proto__", json!({ "role": "admin" })).claim("constructor", json!(1)).token()),
    ("an unrelated jwk",             |t| t.clone().header("jwk", json!({ "kty": "oct", "k": "AA" })).token()),
];

#[test]
fn unusual_but_valid_tokens_are_accepted() {
    for algorithm in ALGORITHMS {
        let server = Server::start(&setup(algorithm));
        for (name, forge) in CASES {
            assert_eq!(server.get_me(&forge(&Forge::new(algorithm))).body, "alice", "{name}, {algorithm:?}");
        }
    }
}

#[test]
fn a_token_that_names_its_key_is_accepted() {
    for algorithm in ALGORITHMS.into_iter().skip(1) {
        let server = Server::start(&setup(algorithm));
        let (ours, _) = server.login();
        let named = Forge::like(&ours, algorithm).header("x", json!(1)).token();
        assert_eq!(server.get_me(&named).body, "alice", "{algorithm:?}");
    }
}

/// FAPI 2.0 requires ten seconds of leeway, which applies to every date.
#[test]
fn clocks_may_differ_by_ten_seconds() {
    let setup = setup(ALGORITHMS[0]);
    let server = Server::start(&setup);
    let now = payload(&server.login().0)["iat"].as_u64().expect("a number");
    let valid = Forge::new(ALGORITHMS[0]);
    for (claim, seconds, accepted) in [
        ("exp", now - 9, true),
        ("exp", now - 10, false),
        ("nbf", now + 10, true),
        ("nbf", now + 11, false),
        ("iat", now + 10, true),
        ("iat", now + 11, false),
    ] {
        let token = valid.clone().claim("iat", json!(now)).claim(claim, json!(seconds)).token();
        assert_eq!(server.get_me(&token).status == 200, accepted, "{claim} {seconds}, at {now}");
    }
    // Fractions of a second count.
    for (claim, seconds) in [("nbf", now as f64 + 10.5), ("exp", now as f64 - 9.5)] {
        let token = valid.clone().claim("iat", json!(now)).claim(claim, json!(seconds)).token();
        assert_eq!(server.get_me(&token).status, 401, "{claim} {seconds}, at {now}");
    }
}

#[test]
fn without_the_settings_no_issuer_or_audience_is_required() {
    let server = Server::start(&Setup::memory());
    let valid = Forge::new(ALGORITHMS[0]);
    for token in
        [valid.clone().no_claim("aud").token(), valid.clone().no_claim("iss").no_claim("aud").token()]
    {
        assert_eq!(server.get_me(&token).body, "alice");
    }
    // An app without an audience rejects a token that has one (RFC 7519, section 4.1.3).
    assert_eq!(server.get_me(&valid.token()).status, 401);
    // Values of the wrong type are rejected anyway.
    for (claim, value) in [("iss", json!(["us"])), ("aud", json!(1))] {
        assert_eq!(server.get_me(&valid.clone().claim(claim, value).token()).status, 401, "{claim}");
    }
}

/// For each ECDSA signature (r, s) there is another valid one, (r, n − s). RFC 7515 permits both, and other
/// implementations produce either. Revocation does not depend on the text of a token: it applies to a session
/// or an id.
#[test]
fn both_forms_of_an_ecdsa_signature_are_accepted_and_revoked_together() {
    let server = Server::start(&setup(Algorithm::ES256));
    let (access, refresh) = server.login();
    let (other_access, other_refresh) = (with_other_s(&access), with_other_s(&refresh));
    assert_ne!(access, other_access);
    for token in [&access, &other_access] {
        assert_eq!(server.get_me(token).body, "alice");
    }
    assert_eq!(server.refresh(&other_refresh).status, 200);
    assert_eq!(server.post("/logout", &json!({ "refresh_token": other_refresh }).to_string()).status, 200);
    for token in [&access, &other_access] {
        assert_eq!(server.get_me(token).status, 401);
    }
    assert_eq!(server.refresh(&refresh).status, 401);

    let (access, refresh) = server.login();
    assert_eq!(server.revoke(&with_other_s(&access)).status, 200);
    for token in [&access, &with_other_s(&access)] {
        let refused = server.get_me(token);
        assert_eq!((refused.status, server.revoke(token).status), (401, 401));
        let challenge = refused.challenge().expect("a challenge");
        assert!(challenge.contains(r#"error="invalid_token""#), "{challenge}");
    }
    assert_eq!(server.refresh(&refresh).status, 200, "the session is alive");
}

fn with_other_s(token: &str) -> String {
    let (message, signature) = token.rsplit_once('.').expect("a token has three parts");
    let mut signature = URL_SAFE_NO_PAD.decode(signature).expect("a signature is base64url");
    let mut borrow = 0;
    for (s, n) in signature[32..].iter_mut().zip(P256_ORDER).rev() {
        let difference = i16::from(n) - i16::from(*s) - borrow;
        borrow = i16::from(difference < 0);
        *s = difference.rem_euclid(256).to_le_bytes()[0];
    }
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
