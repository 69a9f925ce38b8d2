//! Tokens designed to cost time or memory (CVE-2025-30204, CVE-2025-27144).

use jsonwebtoken::Algorithm::HS256;
use jwt_auth_tests::Forge;
use serde_json::json;

use crate::server::{Response, Server};
use crate::setup;

/// The length of the longest token that is parsed.
const LONGEST: usize = 8 * 1024;

/// Slightly less than the length of the longest header that the server reads.
const READ: usize = 400_000;

type Oversized = (&'static str, fn(&Forge) -> String);

#[rustfmt::skip]
const OVERSIZED: &[Oversized] = &[
    ("a megabyte, signed",         |t| t.clone().claim("x", json!("x".repeat(1_000_000))).token()),
    ("a megabyte of letters",      |_| "A".repeat(1_000_000)),
    ("50 000 dots",                |_| ".".repeat(50_000)),
    ("dots after a token",         |t| t.token() + &".".repeat(50_000)),
    ("50 000 parts",               |_| "A.".repeat(50_000)),
    ("claims nested 10 000 deep",   |t| t.with_more_payload(&format!(r#","x":{}{}"#, "[".repeat(10_000), "]".repeat(10_000)))),
    ("a header nested 10 000 deep", |t| t.with_more_header(&format!(r#","x":{}{}"#, "[".repeat(10_000), "]".repeat(10_000)))),
    ("100 000 digits",             |t| t.with_more_payload(&format!(r#","x":{}"#, "9".repeat(100_000)))),
    ("100 000 header parameters",   |t| t.with_more_header(&(0..100_000).map(|i| format!(r#","{i}":0"#)).collect::<String>())),
    ("a kid of a megabyte",        |t| t.clone().header("kid", json!("k".repeat(1_000_000))).token()),
    ("a long signature",           |t| t.with_signature(&[0; 100_000])),
    // Just below the limit.
    ("700 header parameters",       |t| t.with_more_header(&(0..700).map(|i| format!(r#","{i}":0"#)).collect::<String>()).replace(".ey", ".AA")),
    ("a header nested 2 500 deep",  |t| t.with_more_header(&format!(r#","x":{}{}"#, "[".repeat(2_500), "]".repeat(2_500))).replace(".ey", ".AA")),
];

/// The server itself rejects headers that are too long. For refresh tokens, the body limit applies.
#[test]
fn oversized_tokens_are_rejected_quickly() {
    let server = Server::start(&setup(HS256));
    for (name, forge) in OVERSIZED {
        let token = forge(&Forge::new(HS256));
        let expected: &[u16] = if token.len() > READ { &[431, 400] } else { &[401] };
        let Response { status, .. } = server.get_me(&token);
        assert!(expected.contains(&status), "{name}: {status}");
        let Response { status, .. } = server.refresh(&token);
        assert!([401, 413].contains(&status), "{name}: {status}");
        assert_eq!(server.get_me(&Forge::new(HS256).token()).body, "alice", "after {name}");
    }
}

#[test]
fn a_token_can_be_up_to_eight_kilobytes_long() {
    let server = Server::start(&setup(HS256));
    let of_length = |length: usize| {
        // Three bytes of the payload become four characters of the token.
        let token = |fill: usize| Forge::new(HS256).claim("x", json!("x".repeat(fill))).token();
        (0..).map(token).find(|token| token.len() >= length).expect("fill grows")
    };
    let longest = of_length(LONGEST - 1);
    assert!((LONGEST - 1..=LONGEST).contains(&longest.len()), "{}", longest.len());
    assert_eq!(server.get_me(&longest).status, 200);
    assert_eq!(server.get_me(&of_length(LONGEST + 1)).status, 401);
}
