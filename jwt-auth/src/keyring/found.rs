//! What a text in PEM contains instead of the key that is needed, for an error message.

use pem::{Pem, parse_many};

/// The labels of public keys.
const PUBLIC: [&str; 2] = ["PUBLIC KEY", "RSA PUBLIC KEY"];

/// The object identifiers of keys, with their tag and their length (RFC 8017, appendix A; RFC 5480, section 2.1.1; RFC 8410,
/// section 3), and how the keys are called.
const KEYS: [(&[u8], &str); 9] = [
    (
        b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a",
        "a key that is restricted to RSA-PSS: make an ordinary RSA key",
    ),
    (b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "an RSA key"),
    (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", "a P-256 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x22", "a P-384 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x23", "a P-521 key"),
    (b"\x06\x05\x2b\x81\x04\x00\x0a", "a secp256k1 key"),
    (b"\x06\x03\x2b\x65\x70", "an Ed25519 key"),
    (b"\x06\x03\x2b\x65\x71", "an Ed448 key"),
    (b"\x06\x03\x2b\x65\x6e", "an X25519 key, which cannot sign"),
];

/// Returns what a text contains, if that shows. `needs_private`: a private key is needed.
pub(super) fn found(text: &str, needs_private: bool) -> Option<&'static str> {
    if text.contains("\\n") {
        return Some("a text with `\\n` as two characters: write line breaks");
    }
    let blocks = parse_many(text).unwrap_or_default();
    let Some(block) = blocks.iter().find(|block| block.tag().ends_with("KEY")) else {
        return blocks.first().filter(|block| block.tag() == "CERTIFICATE").map(|_| "a certificate");
    };
    match block.tag() {
        "OPENSSH PRIVATE KEY" => Some("an OpenSSH key: convert it with `ssh-keygen -p -m PKCS8 -f <file>`"),
        "ENCRYPTED PRIVATE KEY" => Some(ENCRYPTED),
        _ if block.headers().get("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED")) => {
            Some(ENCRYPTED)
        }
        tag if needs_private && PUBLIC.contains(&tag) => Some("a public key"),
        tag if !needs_private && !PUBLIC.contains(&tag) => Some("a private key"),
        _ => kind(block),
    }
}

const ENCRYPTED: &str = "an encrypted key: decrypt it with `openssl pkey -in <file> -out <file>`";

fn kind(block: &Pem) -> Option<&'static str> {
    if block.tag().starts_with("RSA ") {
        return Some("an RSA key");
    }
    let contains = |oid: &[u8]| block.contents().windows(oid.len()).any(|window| window == oid);
    KEYS.iter().find(|(oid, _)| contains(oid)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, content: &[u8]) -> String {
        pem::encode(&Pem::new(label, content))
    }

    #[test]
    fn keys_are_named_by_what_they_are() {
        let p384 = b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22";
        let pss = b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
        let encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMAA=\n\
                         -----END RSA PRIVATE KEY-----\n";
        let one_line = r"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
        for (text, needs_private, expected) in [
            (block("PRIVATE KEY", p384), true, Some("a P-384 key")),
            (block("PUBLIC KEY", p384), false, Some("a P-384 key")),
            (
                block("PRIVATE KEY", pss),
                true,
                Some("a key that is restricted to RSA-PSS: make an ordinary RSA key"),
            ),
            (block("RSA PRIVATE KEY", b""), true, Some("an RSA key")),
            (block("PUBLIC KEY", p384), true, Some("a public key")),
            (block("PRIVATE KEY", p384), false, Some("a private key")),
            (block("EC PRIVATE KEY", b""), false, Some("a private key")),
            (block("CERTIFICATE", b""), true, Some("a certificate")),
            (block("ENCRYPTED PRIVATE KEY", b""), true, Some(ENCRYPTED)),
            (encrypted.to_owned(), true, Some(ENCRYPTED)),
            (
                block("OPENSSH PRIVATE KEY", b""),
                true,
                Some("an OpenSSH key: convert it with `ssh-keygen -p -m PKCS8 -f <file>`"),
            ),
            (one_line.to_owned(), true, Some("a text with `\\n` as two characters: write line breaks")),
            (block("PRIVATE KEY", b"\x30\x00"), true, None),
            ("garbage".to_owned(), true, None),
        ] {
            assert_eq!(found(&text, needs_private), expected, "{text}");
        }
    }
}
