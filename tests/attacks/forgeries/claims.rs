//! Claims, signed as they should be.

use serde_json::{Value, json};

use super::Forgery;
use super::Refusal::*;

/// 2^63, which no signed integer holds.
const HUGE: u64 = 1 << 63;
/// Seconds in 2001: past, for every clock that is not broken.
const PAST: u64 = 1_000_000_000;
/// Seconds in 2096.
const FUTURE: u64 = 4_000_000_000;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // RFC 7519, section 4.1.4; RFC 9068, section 2.2: exp is there, and is a date to come.
    ("exp missing",                |t| t.clone().no_claim("exp").token(),                    Invalid),
    ("exp null",                   |t| t.clone().claim("exp", Value::Null).token(),          Invalid),
    ("exp text",                   |t| t.clone().claim("exp", json!("4000000000")).token(),  Invalid),
    ("exp true",                   |t| t.clone().claim("exp", json!(true)).token(),          Invalid),
    ("exp a list",                 |t| t.clone().claim("exp", json!([FUTURE])).token(),      Invalid),
    ("exp an object",              |t| t.clone().claim("exp", json!({})).token(),            Invalid),
    ("exp negative",               |t| t.clone().claim("exp", json!(-1)).token(),            Invalid),
    ("exp 2^63",                   |t| t.clone().claim("exp", json!(HUGE)).token(),          Invalid),
    ("exp -2^63",                  |t| t.clone().claim("exp", json!(i64::MIN)).token(),      Invalid),
    ("exp 1e308",                  |t| t.clone().claim("exp", json!(1e308)).token(),         Invalid),
    ("exp beyond a double",        |t| t.clone().no_claim("exp").with_more_payload(r#","exp":1e400"#), Invalid),
    ("exp of 3000 digits",         |t| t.clone().no_claim("exp").with_more_payload(&format!(r#","exp":{}"#, "9".repeat(3_000))), Invalid),
    ("exp zero",                   |t| t.clone().claim("exp", json!(0)).token(),             Expired),
    ("exp past",                   |t| t.clone().claim("exp", json!(PAST)).token(),          Expired),
    ("exp past, with a fraction",  |t| t.clone().claim("exp", json!(1_000_000_000.5)).token(), Expired),

    // RFC 7519, sections 4.1.5 and 4.1.6.
    ("nbf to come",                |t| t.clone().claim("nbf", json!(FUTURE)).token(),        NotYet),
    ("nbf text",                   |t| t.clone().claim("nbf", json!("0")).token(),           Invalid),
    ("nbf null",                   |t| t.clone().claim("nbf", Value::Null).token(),          Invalid),
    ("iat to come",                |t| t.clone().claim("iat", json!(FUTURE)).token(),        NotYet),
    ("iat missing",                |t| t.clone().no_claim("iat").token(),                    Invalid),
    ("iat text",                   |t| t.clone().claim("iat", json!("0")).token(),           Invalid),

    // RFC 8725, section 3.8: exactly our issuer.
    ("iss missing",                |t| t.clone().no_claim("iss").token(),                    Invalid),
    ("iss null",                   |t| t.clone().claim("iss", Value::Null).token(),          Invalid),
    ("iss another",                |t| t.clone().claim("iss", json!("them")).token(),        Invalid),
    ("iss longer",                 |t| t.clone().claim("iss", json!("us.evil")).token(),     Invalid),
    ("iss in upper case",          |t| t.clone().claim("iss", json!("US")).token(),          Invalid),
    ("iss a list",                 |t| t.clone().claim("iss", json!(["us"])).token(),        Invalid),
    ("iss a number",               |t| t.clone().claim("iss", json!(1)).token(),             Invalid),

    // RFC 8725, section 3.9: one of our audiences.
    ("aud missing",                |t| t.clone().no_claim("aud").token(),                    Invalid),
    ("aud null",                   |t| t.clone().claim("aud", Value::Null).token(),          Invalid),
    ("aud another",                |t| t.clone().claim("aud", json!("shop")).token(),        Invalid),
    ("aud a part of ours",         |t| t.clone().claim("aud", json!("ap")).token(),          Invalid),
    ("aud ours and more",          |t| t.clone().claim("aud", json!("api shop")).token(),    Invalid),
    ("aud an empty list",          |t| t.clone().claim("aud", json!([])).token(),            Invalid),
    ("aud a list of others",       |t| t.clone().claim("aud", json!(["shop", "blog"])).token(), Invalid),
    ("aud a list in a list",       |t| t.clone().claim("aud", json!([["api"]])).token(),     Invalid),
    ("aud a list with a number",   |t| t.clone().claim("aud", json!(["api", 1])).token(),    Invalid),
    ("aud an object",              |t| t.clone().claim("aud", json!({ "api": 1 })).token(),  Invalid),

    // RFC 9068, section 2.2: who it is about, and which token it is.
    ("sub missing",                |t| t.clone().no_claim("sub").token(),                    Invalid),
    ("sub empty",                  |t| t.clone().claim("sub", json!("")).token(),            Invalid),
    ("sub null",                   |t| t.clone().claim("sub", Value::Null).token(),          Invalid),
    ("sub a number",               |t| t.clone().claim("sub", json!(1)).token(),             Invalid),
    ("sub under its own name",     |t| t.clone().no_claim("sub").claim("name", json!("alice")).token(), Invalid),
    ("jti missing",                |t| t.clone().no_claim("jti").token(),                    Invalid),
    ("jti not a UUID",             |t| t.clone().claim("jti", json!("1")).token(),           Invalid),
    ("jti a number",               |t| t.clone().claim("jti", json!(1)).token(),             Invalid),
    ("sid not a UUID",             |t| t.clone().claim("sid", json!("*")).token(),           Invalid),
    ("sid a list",                 |t| t.clone().claim("sid", json!([])).token(),            Invalid),

    // RFC 7519, section 4: names stand there once, whoever reads them.
    ("sub twice",                  |t| t.with_more_payload(r#","sub":"root""#),              Invalid),
    ("sub twice, by an escape",    |t| t.with_more_payload(r#","\u0073ub":"root""#),         Invalid),
    ("sub twice, the same",        |t| t.with_more_payload(r#","sub":"alice""#),             Invalid),
    ("exp twice",                  |t| t.with_more_payload(r#","exp":4000000000"#),          Invalid),
    ("exp twice, by an escape",    |t| t.with_more_payload(r#","ex\u0070":4000000000"#),     Invalid),
    ("aud twice",                  |t| t.with_more_payload(r#","aud":"api""#),               Invalid),
    ("jti twice",                  |t| t.with_more_payload(r#","jti":"6e3f0a1e-3c5c-4a55-9d8b-9c8d0d3d6a11""#), Invalid),
    ("an unknown claim twice",     |t| t.with_more_payload(r#","x":1,"x":2"#),               Invalid),

    // RFC 7519, section 7.2: a JSON object, in UTF-8, and nothing after it.
    ("a token in a token",         |t| t.clone().header("cty", json!("JWT")).sign_payload(t.token().as_bytes()), Invalid),
    ("deflated",                   |t| t.clone().header("zip", json!("DEF")).sign_payload(&deflate(&t.payload_text())), Invalid),
    ("payload empty",              |t| t.sign(&t.header_text(), ""),                         Invalid),
    ("payload null",               |t| t.sign(&t.header_text(), "null"),                     Invalid),
    ("payload a list",             |t| t.sign(&t.header_text(), &format!("[{}]", t.payload_text())), Invalid),
    ("payload text",               |t| t.sign(&t.header_text(), "\"alice\""),                Invalid),
    ("payload cut off",            |t| t.sign(&t.header_text(), t.payload_text().trim_end_matches('}')), Invalid),
    ("payload and more",           |t| t.sign(&t.header_text(), &(t.payload_text() + "{}")), Invalid),
    ("payload with a comment",     |t| t.with_more_payload("/**/"),                          Invalid),
    ("payload in UTF-16",          |t| t.sign_payload(&t.payload_text().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()), Invalid),
    ("a name not UTF-8",           |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"\xFF\":1}")), Invalid),
    ("a value not UTF-8",          |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"x\":\"\xFF\"}")), Invalid),
    ("a role not UTF-8",           |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"scope\":\"\xFF\"}")), Invalid),
    ("nested deep",                |t| t.with_more_payload(&format!(r#","x":{}"#, "[".repeat(4_000))), Invalid),
];

/// RFC 1951, section 3.2.4: one block, stored as it is.
fn deflate(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a payload is short");
    [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), text.as_bytes()].concat()
}

fn not_utf8(payload: &str, end: &[u8]) -> Vec<u8> {
    [payload.trim_end_matches('}').as_bytes(), end].concat()
}
