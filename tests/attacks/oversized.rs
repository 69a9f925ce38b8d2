//! Tokens that are to cost time or memory (CVE-2025-30204, CVE-2025-27144).

use std::time::Instant;

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::Forge;
use rocket::local::blocking::Client;
use serde_json::json;

use crate::{QUICK, client, get_me, setup};

/// The longest token that is looked at.
const LONGEST: usize = 8 * 1024;

type Heavy = (&'static str, fn(&Forge) -> String);

#[rustfmt::skip]
const HEAVY: &[Heavy] = &[
    ("a megabyte, signed",         |t| t.clone().claim("x", json!("x".repeat(1_000_000))).token()),
    ("a megabyte of letters",      |_| "A".repeat(1_000_000)),
    ("50 000 dots",                |_| ".".repeat(50_000)),
    ("dots after a token",         |t| t.token() + &".".repeat(50_000)),
    ("50 000 parts",               |_| "A.".repeat(50_000)),
    ("10 000 levels in the claims", |t| t.with_more_payload(&format!(r#","x":{}{}"#, "[".repeat(10_000), "]".repeat(10_000)))),
    ("10 000 levels in the header", |t| t.with_more_header(&format!(r#","x":{}{}"#, "[".repeat(10_000), "]".repeat(10_000)))),
    ("100 000 digits",             |t| t.with_more_payload(&format!(r#","x":{}"#, "9".repeat(100_000)))),
    ("100 000 names",              |t| t.with_more_header(&(0..100_000).map(|i| format!(r#","{i}":0"#)).collect::<String>())),
    ("a kid of a megabyte",        |t| t.clone().header("kid", json!("k".repeat(1_000_000))).token()),
    ("a long signature",           |t| t.with_signature(&[0; 100_000])),
    // As much as is looked at.
    ("700 names",                  |t| t.with_more_header(&(0..700).map(|i| format!(r#","{i}":0"#)).collect::<String>()).replace(".ey", ".AA")),
    ("2 500 levels",               |t| t.with_more_header(&format!(r#","x":{}{}"#, "[".repeat(2_500), "]".repeat(2_500))).replace(".ey", ".AA")),
];

#[test]
fn heavy_tokens_are_refused_quickly() {
    let client = client(&setup(HS256));
    for (name, forge) in HEAVY {
        let token = forge(&Forge::new(HS256));
        let begin = Instant::now();
        assert_eq!(get_me(&client, &token).status().code, 401, "{name}");
        assert!(begin.elapsed() < QUICK, "{name}: took {:?}", begin.elapsed());
    }
    assert_alive(&client);
}

#[test]
fn a_token_may_have_eight_kilobytes_and_no_more() {
    let client = client(&setup(HS256));
    let of_length = |length: usize| {
        // Three characters of payload are four of the token.
        let token = |fill: usize| Forge::new(HS256).claim("x", json!("x".repeat(fill))).token();
        (0..).map(token).find(|token| token.len() >= length).expect("fill grows")
    };
    let longest = of_length(LONGEST - 1);
    assert!((LONGEST - 1..=LONGEST).contains(&longest.len()), "{}", longest.len());
    assert_eq!(get_me(&client, &longest).status().code, 200);
    assert_eq!(get_me(&client, &of_length(LONGEST + 1)).status().code, 401);
}

fn assert_alive(client: &Client) {
    let response = get_me(client, &Forge::new(HS256).token());
    assert_eq!(response.into_string().as_deref(), Some("alice"));
}
