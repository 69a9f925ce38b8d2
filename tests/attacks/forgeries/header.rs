//! Headers.

use serde_json::json;

use super::Forgery;
use super::Refusal::*;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // RFC 8725, section 3.1: the key says which algorithm it is, and the header may only agree.
    ("alg none, unsigned",         |t| t.clone().header("alg", json!("none")).with_signature(b""), Invalid),
    ("alg None, unsigned",         |t| t.clone().header("alg", json!("None")).with_signature(b""), Invalid),
    ("alg NONE, unsigned",         |t| t.clone().header("alg", json!("NONE")).with_signature(b""), Invalid),
    ("alg nOnE, unsigned",         |t| t.clone().header("alg", json!("nOnE")).with_signature(b""), Invalid),
    ("alg none, signed",           |t| t.clone().header("alg", json!("none")).token(),       Invalid),
    ("alg empty",                  |t| t.clone().header("alg", json!("")).token(),           Invalid),
    ("alg null",                   |t| t.clone().header("alg", json!(null)).token(),         Invalid),
    ("alg a number",               |t| t.clone().header("alg", json!(256)).token(),          Invalid),
    ("alg a list",                 |t| t.clone().header("alg", json!(["HS256", "RS256", "ES256", "EdDSA"])).token(), Invalid),
    ("alg missing",                |t| t.clone().no_header("alg").token(),                   Invalid),
    ("alg in lower case",          |t| t.with_other_alg(|alg| alg.to_lowercase()),           Invalid),
    ("alg with a space",           |t| t.with_other_alg(|alg| format!("{alg} ")),            Invalid),
    ("alg with a zero byte",       |t| t.with_other_alg(|alg| format!("{alg}\0")),           Invalid),
    ("alg of a longer hash",       |t| t.with_other_alg(|alg| alg.replace("256", "512")),    Invalid),
    ("alg of another padding",     |t| t.with_other_alg(|alg| alg.replace("RS", "PS").replace("HS", "PS")), Invalid),
    ("alg of encryption",          |t| t.clone().header("alg", json!("RSA-OAEP")).header("enc", json!("A256GCM")).token(), Invalid),

    // RFC 7515, section 4.1.11: no extension is understood.
    ("crit of a claim",            |t| t.clone().header("crit", json!(["exp"])).token(),     Invalid),
    ("crit of an extension",       |t| t.clone().header("crit", json!(["x"])).header("x", json!(1)).token(), Invalid),
    ("crit of b64 (RFC 7797)",     |t| t.clone().header("crit", json!(["b64"])).header("b64", json!(false)).token(), Invalid),
    ("crit empty",                 |t| t.clone().header("crit", json!([])).token(),          Invalid),
    ("crit null",                  |t| t.clone().header("crit", json!(null)).token(),        Invalid),
    ("crit not a list",            |t| t.clone().header("crit", json!("exp")).token(),       Invalid),
    ("crit behind an escape",      |t| t.with_more_header(r#","\u0063rit":["exp"]"#),        Invalid),

    // RFC 8725, section 3.10: a kid is looked up among the keys, and nowhere else.
    ("kid unknown",                |t| t.clone().header("kid", json!("other")).token(),      Invalid),
    ("kid empty",                  |t| t.clone().header("kid", json!("")).token(),           Invalid),
    ("kid a path",                 |t| t.clone().header("kid", json!("../../../../dev/null")).token(), Invalid),
    ("kid a URL",                  |t| t.clone().header("kid", json!("http://127.0.0.1/key")).token(), Invalid),
    ("kid SQL",                    |t| t.clone().header("kid", json!("' UNION SELECT 'key' --")).token(), Invalid),
    ("kid a Redis command",        |t| t.clone().header("kid", json!("\r\nFLUSHALL\r\n")).token(), Invalid),
    ("kid zero bytes",             |t| t.clone().header("kid", json!("\0\0")).token(),       Invalid),
    ("kid long",                   |t| t.clone().header("kid", json!("k".repeat(4_000))).token(), Invalid),
    ("kid null",                   |t| t.clone().header("kid", json!(null)).token(),         Invalid),
    ("kid a number",               |t| t.clone().header("kid", json!(0)).token(),            Invalid),

    // RFC 7515, section 4: names stand there once.
    ("alg twice",                  |t| t.with_more_header(r#","alg":"none""#),               Invalid),
    ("alg twice, by an escape",    |t| t.with_more_header(r#","\u0061lg":"none""#),          Invalid),
    ("typ twice",                  |t| t.with_more_header(r#","typ":"JWT""#),                Invalid),
    ("an unknown name twice",      |t| t.with_more_header(r#","x":1,"x":2"#),                Invalid),

    // Not a header.
    ("header a list",              |t| t.sign(&format!("[{}]", t.header_text()), &t.payload_text()), Invalid),
    ("header null",                |t| t.sign("null", &t.payload_text()),                    Invalid),
    ("header empty",               |t| t.sign("", &t.payload_text()),                        Invalid),
    ("header empty object",        |t| t.sign("{}", &t.payload_text()),                      Invalid),
    ("header cut off",             |t| t.sign(t.header_text().trim_end_matches('}'), &t.payload_text()), Invalid),
    ("header and more",            |t| t.sign(&format!("{} {{}}", t.header_text()), &t.payload_text()), Invalid),
    ("header after a BOM",         |t| t.sign(&format!("\u{feff}{}", t.header_text()), &t.payload_text()), Invalid),
    ("header nested deep",         |t| t.with_more_header(&format!(r#","x":{}"#, "[".repeat(4_000))), Invalid),
];

/// What a token of another kind says that it is (RFC 8725, section 3.11; RFC 9068, section 4).
#[rustfmt::skip]
pub(crate) const TYPES: &[Forgery] = &[
    ("typ missing",                |t| t.clone().no_header("typ").token(),                   Invalid),
    ("typ null",                   |t| t.clone().header("typ", json!(null)).token(),         Invalid),
    ("typ a number",               |t| t.clone().header("typ", json!(1)).token(),            Invalid),
    ("typ empty",                  |t| t.clone().header("typ", json!("")).token(),           Invalid),
    ("typ JWT",                    |t| t.clone().header("typ", json!("JWT")).token(),        Invalid),
    ("typ of a logout token",      |t| t.clone().header("typ", json!("logout+jwt")).token(), Invalid),
    ("typ of a security event",    |t| t.clone().header("typ", json!("secevent+jwt")).token(), Invalid),
    ("typ of a proof (DPoP)",      |t| t.clone().header("typ", json!("dpop+jwt")).token(),   Invalid),
    ("typ of another tree",        |t| t.clone().header("typ", json!("text/at+jwt")).token(), Invalid),
    ("typ with a space",           |t| t.clone().header("typ", json!("at+jwt ")).token(),    Invalid),
    ("typ cut off",                |t| t.clone().header("typ", json!("application/")).token(), Invalid),
    ("typ cut within a character", |t| t.clone().header("typ", json!("applicationé/at+jwt")).token(), Invalid),
];
