//! Errors in the compact serialization (RFC 7515, section 7.1): its parts, its base64url and its signature.

use serde_json::json;

use super::Forgery;
use super::Rejection::*;

#[rustfmt::skip]
pub(super) const FORGERIES: &[Forgery] = &[
    // There must be exactly three parts.
    ("no part",                       "RFC 7515, 7.1",    |_| "garbage".to_owned(),                                 Invalid),
    ("only dots",                      "RFC 7515, 7.1",    |_| "..".to_owned(),                                      Invalid),
    ("one dot",                       "RFC 7515, 7.1",    |_| ".".to_owned(),                                       Invalid),
    ("two parts",                     "RFC 7515, 7.1",    |t| t.without_part(2),                                    Invalid),
    ("no header",                     "RFC 7515, 7.1",    |t| t.without_part(0),                                    Invalid),
    ("a fourth part",                 "RFC 7515, 7.1",    |t| t.token() + ".e30",                                   Invalid),
    ("a fourth, empty part",          "RFC 7515, 7.1",    |t| t.token() + ".",                                      Invalid),
    ("an extra part in front",         "RFC 7515, 7.1",    |t| format!("e30.{}", t.token()),                         Invalid),
    ("five parts (JWE)",              "RFC 7516, 7.1",    |t| t.token() + ".e30.e30",                               Invalid),
    ("the JSON serialization",        "RFC 7515, 7.2",    |t| {
        let token = t.token();
        let parts: Vec<&str> = token.split('.').collect();
        format!(r#"{{"protected":"{}","payload":"{}","signature":"{}"}}"#, parts[0], parts[1], parts[2])
    }, Malformed),
    ("two tokens",                    "RFC 6750, 2.1",    |t| t.token() + " " + &t.token(),                         Malformed),
    ("two tokens, with a comma",       "RFC 6750, 2.1",    |t| t.token() + "," + &t.token(),                         Malformed),
    ("a parameter after it",           "RFC 6750, 2.1",    |t| t.token() + ";x=1",                                   Malformed),

    // The parts must be canonical base64url without padding.
    ("signature padded",              "RFC 7515, 2",      |t| t.token() + "=",                                      Invalid),
    ("signature padded twice",        "RFC 7515, 2",      |t| t.token() + "==",                                     Invalid),
    ("payload padded",                "RFC 7515, 2",      |t| t.with_parts(|header, payload| (header, payload + "=")), Malformed),
    ("header padded",                 "RFC 7515, 2",      |t| t.with_parts(|header, payload| (header + "=", payload)), Malformed),
    ("payload with a space",          "RFC 7515, 2",      |t| t.with_parts(|header, payload| (header, " ".to_owned() + &payload)), Malformed),
    ("payload with a tab",            "RFC 7515, 2",      |t| t.with_parts(|header, payload| (header, payload + "\t")), Malformed),
    ("payload with a junk character",  "CVE-2022-25898",   |t| t.with_parts(|header, payload| (header, "~".to_owned() + &payload)), Invalid),
    ("header with a junk character",   "CVE-2022-25898",   |t| t.with_parts(|header, payload| (header + "~", payload)), Invalid),
    ("standard alphabet, +",          "RFC 7515, 2",      |t| t.clone().claim("x", json!(">>>>>")).with_parts(|header, payload| (header, payload.replace('-', "+"))), Invalid),
    ("standard alphabet, /",          "RFC 7515, 2",      |t| t.clone().claim("x", json!("?????")).with_parts(|header, payload| (header, payload.replace('_', "/"))), Invalid),
    ("signature with spare bits",      "RFC 7515, 2",      |t| t.with_spare_bits(),                                  Invalid),
    ("payload with spare bits",        "RFC 7515, 2",      |t| t.with_spare_payload_bits(),                          Invalid),

    // The signature must be valid.
    ("unsigned",                      "CVE-2020-28042",   |t| t.with_signature(b""),                                Invalid),
    ("one byte",                      "RFC 7515, 5.2",    |t| t.with_signature(b"\0"),                              Invalid),
    ("zeros, 32 bytes",               "RFC 7515, 5.2",    |t| t.with_signature(&[0; 32]),                           Invalid),
    ("r and s zero, 64 bytes",        "CVE-2022-21449",   |t| t.with_signature(&[0; 64]),                           Invalid),
    ("ones, 64 bytes",                "RFC 7515, 5.2",    |t| t.with_signature(&[0xFF; 64]),                        Invalid),
    ("r and s zero, as DER",          "CVE-2022-21449",   |t| t.with_signature(&[0x30, 6, 2, 1, 0, 2, 1, 0]),       Invalid),
    ("zeros, 256 bytes",              "RFC 7515, 5.2",    |t| t.with_signature(&[0; 256]),                          Invalid),
    ("r and s the order of P-256",    "CVE-2022-21449",   |t| t.with_signature(&P256_ORDER.repeat(2)),                Invalid),
    ("r zero",                        "CVE-2022-21449",   |t| t.with_signature_of(|s| [vec![0; s.len() / 2], s[s.len() / 2..].to_vec()].concat()), Invalid),
    ("s zero",                        "CVE-2022-21449",   |t| t.with_signature_of(|s| [s[..s.len() / 2].to_vec(), vec![0; s.len() / 2]].concat()), Invalid),
    ("as DER",                        "RFC 7518, 3.4",    |t| t.with_signature_of(|s| der(&s)),                       Invalid),
    ("R the neutral point, s zero",   "RFC 8032, 5.1.7",  |t| t.with_signature(&neutral()),                           Invalid),
    ("s plus the order of Ed25519",    "RFC 8032, 5.1.7",  |t| t.with_signature_of(plus_order),                        Invalid),
    ("a zero byte before it",         "RFC 8017, 8.2.2",  |t| t.with_signature_of(|s| [&[0], &s[..]].concat()),       Invalid),
    ("one bit flipped",               "RFC 7515, 5.2",    |t| t.with_signature_of(|mut s| { s[7] ^= 1; s }),        Invalid),
    ("one byte too short",             "RFC 7515, 5.2",    |t| t.with_signature_of(|mut s| { s.pop(); s }),          Invalid),
    ("one byte too long",              "RFC 7515, 5.2",    |t| t.with_signature_of(|mut s| { s.push(0); s }),        Invalid),
    ("the signature twice",            "RFC 7515, 5.2",    |t| t.with_signature_of(|s| s.repeat(2)),                 Invalid),
    ("signature of another payload",   "RFC 7515, 5.2",    |t| t.with_signature_of_other_payload(),                  Invalid),
];

/// The order of the group of P-256 (FIPS 186), big-endian.
pub(crate) const P256_ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
    0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];

/// The order of the group of Ed25519 (RFC 8032, section 5.1), little-endian.
const ED25519_ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Encodes a signature in ASN.1 DER, which JWS does not use.
fn der(signature: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let length = u8::try_from(bytes.len() + 1).unwrap_or(u8::MAX);
        // A leading zero keeps the number positive.
        [&[2, length, 0], bytes].concat()
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    let both = [number(r), number(s)].concat();
    [vec![0x30, u8::try_from(both.len()).unwrap_or(u8::MAX)], both].concat()
}

/// Returns a signature that would be valid for every message if the public key were the neutral point.
fn neutral() -> [u8; 64] {
    let mut signature = [0; 64];
    signature[0] = 1;
    signature
}

/// Adds the order of the group to `s`, which leaves the signature unchanged modulo the order.
fn plus_order(mut signature: Vec<u8>) -> Vec<u8> {
    let mut carry = 0;
    let half = signature.len() / 2;
    for (byte, order) in signature[half..].iter_mut().zip(ED25519_ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    signature
}
