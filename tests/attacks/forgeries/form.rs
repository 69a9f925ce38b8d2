//! The compact serialization (RFC 7515, section 7.1), its base64url and its signature.

use serde_json::json;

use super::Forgery;
use super::Refusal::*;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // Three parts, no fewer and no more.
    ("no part",                    |_| "rubbish".to_owned(),                                 Invalid),
    ("dots alone",                 |_| "..".to_owned(),                                      Invalid),
    ("one dot",                    |_| ".".to_owned(),                                       Invalid),
    ("two parts",                  |t| t.without_part(2),                                    Invalid),
    ("no header",                  |t| t.without_part(0),                                    Invalid),
    ("a fourth part",              |t| t.token() + ".e30",                                   Invalid),
    ("a fourth, empty part",       |t| t.token() + ".",                                      Invalid),
    ("a part before",              |t| format!("e30.{}", t.token()),                         Invalid),
    ("five parts (JWE)",           |t| t.token() + ".e30.e30",                               Invalid),
    ("the JSON serialization",     |t| {
        let token = t.token();
        let parts: Vec<&str> = token.split('.').collect();
        format!(r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#, parts[0], parts[1], parts[2])
    }, Malformed),
    ("two tokens",                 |t| t.token() + " " + &t.token(),                         Malformed),
    ("a comma and a token",        |t| t.token() + "," + &t.token(),                         Malformed),
    ("parameters after it",        |t| t.token() + ";x=1",                                   Malformed),

    // RFC 7515, section 2: base64url without padding, without anything else, in one spelling.
    ("signature padded",           |t| t.token() + "=",                                      Invalid),
    ("signature padded twice",     |t| t.token() + "==",                                     Invalid),
    ("payload padded",             |t| t.with_parts(|header, payload| (header, payload + "=")), Malformed),
    ("header padded",              |t| t.with_parts(|header, payload| (header + "=", payload)), Malformed),
    ("payload with a space",       |t| t.with_parts(|header, payload| (header, " ".to_owned() + &payload)), Malformed),
    ("payload with a line break",  |t| t.with_parts(|header, payload| (header, payload + "\n")), Malformed),
    ("payload with a skipped sign", |t| t.with_parts(|header, payload| (header, "~".to_owned() + &payload)), Invalid),
    ("header with a skipped sign", |t| t.with_parts(|header, payload| (header + "~", payload)), Invalid),
    ("standard alphabet, +",       |t| t.clone().claim("x", json!(">>>>>")).with_parts(|header, payload| (header, payload.replace('-', "+"))), Invalid),
    ("standard alphabet, /",       |t| t.clone().claim("x", json!("?????")).with_parts(|header, payload| (header, payload.replace('_', "/"))), Invalid),
    ("a signature of spare bits",  |t| t.with_spare_bits(),                                  Invalid),
    ("a payload of spare bits",    |t| t.with_spare_payload_bits(),                          Invalid),

    // The signature.
    ("unsigned",                   |t| t.with_signature(b""),                                Invalid),
    ("one byte",                   |t| t.with_signature(b"\0"),                              Invalid),
    ("zeros, 32 bytes",            |t| t.with_signature(&[0; 32]),                           Invalid),
    ("r and s zero, 64 bytes",     |t| t.with_signature(&[0; 64]),                           Invalid),
    ("ones, 64 bytes",             |t| t.with_signature(&[0xFF; 64]),                        Invalid),
    ("r and s zero, as DER",       |t| t.with_signature(&[0x30, 6, 2, 1, 0, 2, 1, 0]),       Invalid),
    ("zeros, 256 bytes",           |t| t.with_signature(&[0; 256]),                          Invalid),
    ("one bit flipped",            |t| t.with_signature_of(|mut s| { s[7] ^= 1; s }),        Invalid),
    ("a byte short",               |t| t.with_signature_of(|mut s| { s.pop(); s }),          Invalid),
    ("a byte long",                |t| t.with_signature_of(|mut s| { s.push(0); s }),        Invalid),
    ("twice",                      |t| t.with_signature_of(|s| s.repeat(2)),                 Invalid),
    ("of another payload",         |t| t.with_signature_of_other_payload(),                  Invalid),
];
