//! Forged headers.

use serde_json::json;

use super::Forgery;
use super::Rejection::*;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // The key determines the algorithm. The header must agree.
    ("alg none, unsigned",            "CVE-2022-23540",   |t| t.clone().header("alg", json!("none")).with_signature(b""), Invalid),
    ("alg none, signed",              "RFC 8725, 3.1",    |t| t.clone().header("alg", json!("none")).token(),       Invalid),
    ("alg empty",                     "RFC 8725, 3.1",    |t| t.clone().header("alg", json!("")).token(),           Invalid),
    ("alg null",                      "RFC 8725, 3.1",    |t| t.clone().header("alg", json!(null)).token(),         Invalid),
    ("alg a number",                  "RFC 8725, 3.1",    |t| t.clone().header("alg", json!(256)).token(),          Invalid),
    ("alg a list",                    "RFC 8725, 3.1",    |t| t.clone().header("alg", json!(["HS256", "RS256", "ES256", "EdDSA"])).token(), Invalid),
    ("alg missing",                   "RFC 7515, 4.1.1",  |t| t.clone().no_header("alg").token(),                   Invalid),
    ("alg in lowercase",               "RFC 8725, 3.1",    |t| t.with_other_alg(|alg| alg.to_lowercase()),           Invalid),
    ("alg with a space",              "RFC 8725, 3.1",    |t| t.with_other_alg(|alg| format!("{alg} ")),            Invalid),
    ("alg with a zero byte",          "RFC 8725, 3.1",    |t| t.with_other_alg(|alg| format!("{alg}\0")),           Invalid),
    ("alg with a longer hash",         "RFC 8725, 3.1",    |t| t.with_other_alg(|alg| alg.replace("256", "512")),    Invalid),
    ("alg with another padding",       "RFC 8725, 3.1",    |t| t.with_other_alg(|alg| alg.replace("RS", "PS").replace("HS", "PS")), Invalid),
    ("alg for a password, hashed 2^31 times", "CVE-2023-52428", |t| t.clone().header("alg", json!("PBES2-HS512+A256KW")).header("p2s", json!("AA")).header("p2c", json!(i32::MAX)).token(), Invalid),
    ("alg for encryption",             "RFC 8725, 3.1",    |t| t.clone().header("alg", json!("RSA-OAEP")).header("enc", json!("A256GCM")).token(), Invalid),

    // No extension is supported.
    ("crit that names a claim",        "RFC 7515, 4.1.11", |t| t.clone().header("crit", json!(["exp"])).token(),     Invalid),
    ("crit that names an extension",   "CVE-2025-59420",   |t| t.clone().header("crit", json!(["x"])).header("x", json!(1)).token(), Invalid),
    ("crit that names b64",            "RFC 7797, 6",      |t| t.clone().header("crit", json!(["b64"])).header("b64", json!(false)).token(), Invalid),
    ("crit empty",                    "RFC 7515, 4.1.11", |t| t.clone().header("crit", json!([])).token(),          Invalid),
    ("crit null",                     "RFC 7515, 4.1.11", |t| t.clone().header("crit", json!(null)).token(),        Invalid),
    ("crit not a list",               "RFC 7515, 4.1.11", |t| t.clone().header("crit", json!("exp")).token(),       Invalid),
    ("crit, escaped",                  "RFC 7515, 4.1.11", |t| t.with_more_header(r#","\u0063rit":["exp"]"#),        Invalid),

    // A `kid` is looked up only among the configured keys.
    ("kid unknown",                   "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("other")).token(),      Invalid),
    ("kid empty",                     "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("")).token(),           Invalid),
    ("kid a path",                    "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("../../../../dev/null")).token(), Invalid),
    ("kid a URL",                     "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("http://127.0.0.1/key")).token(), Invalid),
    ("kid SQL",                       "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("' UNION SELECT 'key' --")).token(), Invalid),
    ("kid a Redis command",           "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("\r\nFLUSHALL\r\n")).token(), Invalid),
    ("kid zero bytes",                "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("\0\0")).token(),       Invalid),
    ("kid long",                      "RFC 8725, 3.10",   |t| t.clone().header("kid", json!("k".repeat(4_000))).token(), Invalid),
    ("kid null",                      "RFC 8725, 3.10",   |t| t.clone().header("kid", json!(null)).token(),         Invalid),
    ("kid a number",                  "RFC 8725, 3.10",   |t| t.clone().header("kid", json!(0)).token(),            Invalid),

    // Names must be unique.
    ("alg twice",                     "RFC 7515, 4",      |t| t.with_more_header(r#","alg":"none""#),               Invalid),
    ("alg twice, once escaped",        "RFC 7515, 4",      |t| t.with_more_header(r#","\u0061lg":"none""#),          Invalid),
    ("typ twice",                     "RFC 7515, 4",      |t| t.with_more_header(r#","typ":"JWT""#),                Invalid),
    ("an unknown name twice",         "RFC 7515, 4",      |t| t.with_more_header(r#","x":1,"x":2"#),                Invalid),

    // The header must be one JSON object.
    ("header a list",                 "RFC 7515, 5.2",    |t| t.sign(&format!("[{}]", t.header_text()), &t.payload_text()), Invalid),
    ("header null",                   "RFC 7515, 5.2",    |t| t.sign("null", &t.payload_text()),                    Invalid),
    ("header empty",                  "RFC 7515, 5.2",    |t| t.sign("", &t.payload_text()),                        Invalid),
    ("header an empty object",         "RFC 7515, 5.2",    |t| t.sign("{}", &t.payload_text()),                      Invalid),
    ("header cut off",                "RFC 7515, 5.2",    |t| t.sign(t.header_text().trim_end_matches('}'), &t.payload_text()), Invalid),
    ("header with trailing data",      "RFC 7515, 5.2",    |t| t.sign(&format!("{} {{}}", t.header_text()), &t.payload_text()), Invalid),
    ("header after a BOM",            "RFC 7515, 5.2",    |t| t.sign(&format!("\u{feff}{}", t.header_text()), &t.payload_text()), Invalid),
    ("header deeply nested",           "RFC 7515, 5.2",    |t| t.with_more_header(&format!(r#","x":{}"#, "[".repeat(4_000))), Invalid),
];

/// Tokens of another type.
#[rustfmt::skip]
pub(crate) const TYPES: &[Forgery] = &[
    ("typ missing",                   "RFC 9068, 4",      |t| t.clone().no_header("typ").token(),                   Invalid),
    ("typ null",                      "RFC 8725, 3.11",   |t| t.clone().header("typ", json!(null)).token(),         Invalid),
    ("typ a number",                  "RFC 8725, 3.11",   |t| t.clone().header("typ", json!(1)).token(),            Invalid),
    ("typ empty",                     "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("")).token(),           Invalid),
    ("typ JWT",                       "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("JWT")).token(),        Invalid),
    ("typ of a logout token",         "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("logout+jwt")).token(), Invalid),
    ("typ of a security event",       "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("secevent+jwt")).token(), Invalid),
    ("typ of a DPoP proof",            "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("dpop+jwt")).token(),   Invalid),
    ("typ with another top level",     "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("text/at+jwt")).token(), Invalid),
    ("typ with a space",              "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("at+jwt ")).token(),    Invalid),
    ("typ cut off",                   "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("application/")).token(), Invalid),
    ("typ cut within a character",    "RFC 8725, 3.11",   |t| t.clone().header("typ", json!("applicationé/at+jwt")).token(), Invalid),
];
