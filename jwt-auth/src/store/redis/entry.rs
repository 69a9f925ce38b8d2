//! The encoding of an entry of a stream and of a message of the channel: a sequence of parts, each a letter and what it
//! revokes.
//!
//! | part | bytes | what |
//! |---|---|---|
//! | `s` | 16 | a session |
//! | `t` | 16 | an access token |
//! | `b` | 16 and 6 | the digest of a subject, and a time in milliseconds, big-endian |

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::revocation::{Revocation, SubjectDigest};

/// Decodes an entry. Ignores what follows an unknown part.
pub(super) fn revocations(entry: &[u8]) -> Vec<Revocation> {
    let mut revocations = Vec::new();
    let mut rest = entry;
    while let Some((revocation, more)) = part(rest) {
        revocations.push(revocation);
        rest = more;
    }
    revocations
}

fn part(entry: &[u8]) -> Option<(Revocation, &[u8])> {
    match entry.split_first()? {
        (b's', rest) => {
            let (sid, rest) = rest.split_first_chunk::<16>()?;
            Some((Revocation::Session(Uuid::from_bytes(*sid)), rest))
        }
        (b't', rest) => {
            let (id, rest) = rest.split_first_chunk::<16>()?;
            Some((Revocation::Token(Uuid::from_bytes(*id)), rest))
        }
        (b'b', rest) => {
            let (digest, rest) = rest.split_first_chunk::<16>()?;
            let (time, rest) = rest.split_first_chunk::<6>()?;
            let mut millis = [0; 8];
            millis[2..].copy_from_slice(time);
            let before = Timestamp::from_millis(u64::from_be_bytes(millis));
            Some((Revocation::Subject(SubjectDigest::from_bytes(*digest), before), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_one_after_another() {
        let session = Revocation::Session(Uuid::from_bytes([7; 16]));
        let subject = Revocation::Subject(SubjectDigest::from_bytes([8; 16]), Timestamp::from_millis(0x0102));
        let token = Revocation::Token(Uuid::from_bytes([9; 16]));
        let entry = [&b"s"[..], &[7; 16], b"b", &[8; 16], &[0, 0, 0, 0, 1, 2], b"t", &[9; 16]].concat();
        assert_eq!(revocations(&entry), [session, subject, token]);
        assert_eq!(revocations(&entry[..40]), [session, subject], "a truncated part is left out");
    }

    #[test]
    fn garbage_revokes_nothing() {
        for garbage in [&b""[..], b"s", b"x", &[0; 17], b"s too short", &[255; 1_000]] {
            assert_eq!(revocations(garbage), []);
        }
    }
}
