//! Forged claims with a valid signature.

use serde_json::{Value, json};

use super::Forgery;
use super::Rejection::*;

/// 2^63, which does not fit into a signed 64-bit integer.
const HUGE: u64 = 1 << 63;
/// A time in 2001.
const PAST: u64 = 1_000_000_000;
/// A time in 2096.
const FUTURE: u64 = 4_000_000_000;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // `exp` must be present and in the future.
    ("exp missing",                   "RFC 9068, 2.2",    |t| t.clone().no_claim("exp").token(),                    Invalid),
    ("exp null",                      "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", Value::Null).token(),          Invalid),
    ("exp text",                      "CVE-2026-25537",   |t| t.clone().claim("exp", json!("4000000000")).token(),  Invalid),
    ("exp true",                      "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(true)).token(),          Invalid),
    ("exp a list",                    "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!([FUTURE])).token(),      Invalid),
    ("exp an object",                 "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!({})).token(),            Invalid),
    ("exp negative",                  "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(-1)).token(),            Invalid),
    ("exp 2^63",                      "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(HUGE)).token(),          Invalid),
    ("exp -2^63",                     "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(i64::MIN)).token(),      Invalid),
    ("exp 1e308",                     "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(1e308)).token(),         Invalid),
    ("exp infinite",                  "RFC 8259, 6",      |t| t.clone().no_claim("exp").with_more_payload(r#","exp":Infinity"#), Invalid),
    ("exp NaN",                        "RFC 8259, 6",      |t| t.clone().no_claim("exp").with_more_payload(r#","exp":NaN"#), Invalid),
    ("exp 1e19",                      "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(1e19)).token(),         Invalid),
    ("exp beyond a double",           "RFC 7519, 4.1.4",  |t| t.clone().no_claim("exp").with_more_payload(r#","exp":1e400"#), Invalid),
    ("exp with 3000 digits",           "RFC 7519, 4.1.4",  |t| t.clone().no_claim("exp").with_more_payload(&format!(r#","exp":{}"#, "9".repeat(3_000))), Invalid),
    ("exp zero",                      "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(0)).token(),             Expired),
    ("exp in the past",                "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(PAST)).token(),          Expired),
    ("exp in the past, fractional",    "RFC 7519, 4.1.4",  |t| t.clone().claim("exp", json!(1_000_000_000.5)).token(), Expired),

    // `nbf` and `iat` must be in the past.
    ("nbf in the future",             "RFC 7519, 4.1.5",  |t| t.clone().claim("nbf", json!(FUTURE)).token(),        NotYet),
    ("nbf text",                      "CVE-2026-25537",   |t| t.clone().claim("nbf", json!("0")).token(),           Invalid),
    ("nbf null",                      "RFC 7519, 4.1.5",  |t| t.clone().claim("nbf", Value::Null).token(),          Invalid),
    ("iat in the future",             "RFC 7519, 4.1.6",  |t| t.clone().claim("iat", json!(FUTURE)).token(),        NotYet),
    ("iat negative",                  "RFC 7519, 4.1.6",  |t| t.clone().claim("iat", json!(-1)).token(),           Invalid),
    ("iat missing",                   "RFC 9068, 2.2",    |t| t.clone().no_claim("iat").token(),                    Invalid),
    ("iat text",                      "RFC 7519, 4.1.6",  |t| t.clone().claim("iat", json!("0")).token(),           Invalid),

    // The issuer must match exactly.
    ("iss missing",                   "RFC 8725, 3.8",    |t| t.clone().no_claim("iss").token(),                    Invalid),
    ("iss null",                      "RFC 8725, 3.8",    |t| t.clone().claim("iss", Value::Null).token(),          Invalid),
    ("iss of another issuer",          "RFC 8725, 3.8",    |t| t.clone().claim("iss", json!("them")).token(),        Invalid),
    ("iss with a suffix",              "RFC 8725, 3.8",    |t| t.clone().claim("iss", json!("us.evil")).token(),     Invalid),
    ("iss in uppercase",               "RFC 8725, 3.8",    |t| t.clone().claim("iss", json!("US")).token(),          Invalid),
    ("iss a list",                    "RFC 7519, 4.1.1",  |t| t.clone().claim("iss", json!(["us"])).token(),        Invalid),
    ("iss a number",                  "RFC 8725, 3.8",    |t| t.clone().claim("iss", json!(1)).token(),             Invalid),

    // One audience must match.
    ("aud missing",                   "RFC 8725, 3.9",    |t| t.clone().no_claim("aud").token(),                    Invalid),
    ("aud null",                      "RFC 8725, 3.9",    |t| t.clone().claim("aud", Value::Null).token(),          Invalid),
    ("aud of another app",             "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!("shop")).token(),        Invalid),
    ("aud a prefix of ours",           "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!("ap")).token(),          Invalid),
    ("aud of two names in one text",   "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!("api shop")).token(),    Invalid),
    ("aud an empty list",             "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!([])).token(),            Invalid),
    ("aud a list without ours",        "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!(["shop", "blog"])).token(), Invalid),
    ("aud a list in a list",          "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!([["api"]])).token(),     Invalid),
    ("aud a list with a number",      "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!(["api", 1])).token(),    Invalid),
    ("aud an object",                 "RFC 8725, 3.9",    |t| t.clone().claim("aud", json!({ "api": 1 })).token(),  Invalid),

    // The ids of the user, the token and the session must be well formed.
    ("sub missing",                   "RFC 9068, 2.2",    |t| t.clone().no_claim("sub").token(),                    Invalid),
    ("sub empty",                     "RFC 9068, 2.2",    |t| t.clone().claim("sub", json!("")).token(),            Invalid),
    ("sub null",                      "RFC 9068, 2.2",    |t| t.clone().claim("sub", Value::Null).token(),          Invalid),
    ("sub a number",                  "RFC 9068, 2.2",    |t| t.clone().claim("sub", json!(1)).token(),             Invalid),
    ("sub under the field's name",     "RFC 9068, 2.2",    |t| t.clone().no_claim("sub").claim("name", json!("alice")).token(), Invalid),
    ("jti missing",                   "RFC 9068, 2.2",    |t| t.clone().no_claim("jti").token(),                    Invalid),
    ("jti not a UUID",                "RFC 9068, 2.2",    |t| t.clone().claim("jti", json!("1")).token(),           Invalid),
    ("jti a number",                  "RFC 9068, 2.2",    |t| t.clone().claim("jti", json!(1)).token(),             Invalid),
    ("sid not a UUID",                "RFC 9068, 2.2",    |t| t.clone().claim("sid", json!("*")).token(),           Invalid),
    ("sid a list",                    "RFC 9068, 2.2",    |t| t.clone().claim("sid", json!([])).token(),            Invalid),

    // Names must be unique.
    ("sub twice",                     "RFC 7519, 4",      |t| t.with_more_payload(r#","sub":"root""#),              Invalid),
    ("sub twice, once escaped",        "RFC 7519, 4",      |t| t.with_more_payload(r#","\u0073ub":"root""#),         Invalid),
    ("sub twice, with one value",      "RFC 7519, 4",      |t| t.with_more_payload(r#","sub":"alice""#),             Invalid),
    ("exp twice",                     "RFC 7519, 4",      |t| t.with_more_payload(r#","exp":4000000000"#),          Invalid),
    ("exp twice, once escaped",        "RFC 7519, 4",      |t| t.with_more_payload(r#","ex\u0070":4000000000"#),     Invalid),
    ("aud twice",                     "RFC 7519, 4",      |t| t.with_more_payload(r#","aud":"api""#),               Invalid),
    ("jti twice",                     "RFC 7519, 4",      |t| t.with_more_payload(r#","jti":"6e3f0a1e-3c5c-4a55-9d8b-9c8d0d3d6a11""#), Invalid),
    ("an unknown claim twice",        "RFC 7519, 4",      |t| t.with_more_payload(r#","x":1,"x":2"#),               Invalid),

    // The payload must be one JSON object in UTF-8.
    ("a token in a token",            "RFC 7519, 5.2",    |t| t.clone().header("cty", json!("JWT")).sign_payload(t.token().as_bytes()), Invalid),
    ("a compressed payload",           "RFC 8725, 3.6",    |t| t.clone().header("zip", json!("DEF")).sign_payload(&deflate(&t.payload_text())), Invalid),
    ("payload empty",                 "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), ""),                         Invalid),
    ("payload null",                  "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), "null"),                     Invalid),
    ("payload a list",                "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), &format!("[{}]", t.payload_text())), Invalid),
    ("payload text",                  "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), "\"alice\""),                Invalid),
    ("payload cut off",               "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), t.payload_text().trim_end_matches('}')), Invalid),
    ("payload with trailing data",     "RFC 7519, 7.2",    |t| t.sign(&t.header_text(), &(t.payload_text() + "{}")), Invalid),
    ("payload with a comment",        "RFC 7519, 7.2",    |t| t.with_more_payload("/**/"),                          Invalid),
    ("payload in UTF-16",             "RFC 7519, 7.2",    |t| t.sign_payload(&t.payload_text().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()), Invalid),
    ("a claim name not UTF-8",         "RFC 7519, 7.2",    |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"\xFF\":1}")), Invalid),
    ("a claim value not UTF-8",        "RFC 7519, 7.2",    |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"x\":\"\xFF\"}")), Invalid),
    ("a header value not UTF-8",       "RFC 7519, 7.2",    |t| t.sign_bytes(&not_utf8(&t.header_text(), b",\"x\":\"\xFF\"}"), t.payload_text().as_bytes()), Invalid),
    ("a scope not UTF-8",             "RFC 7519, 7.2",    |t| t.sign_payload(&not_utf8(&t.payload_text(), b",\"scope\":\"\xFF\"}")), Invalid),
    ("payload deeply nested",          "RFC 7519, 7.2",    |t| t.with_more_payload(&format!(r#","x":{}"#, "[".repeat(4_000))), Invalid),
];

/// Encodes the text as one uncompressed block (RFC 1951, section 3.2.4).
fn deflate(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a payload is short");
    [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), text.as_bytes()].concat()
}

/// Replaces the end of a JSON object.
fn not_utf8(object: &str, end: &[u8]) -> Vec<u8> {
    [object.trim_end_matches('}').as_bytes(), end].concat()
}
