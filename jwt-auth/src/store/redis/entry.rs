//! The encoding of a stream entry and of a channel message: a sequence of parts. Each part is a letter followed by what
//! it revokes. The Lua scripts use the same encoding.
//!
//! | letter | length in bytes | content |
//! |---|---|---|
//! | `s` | 16 + 16 | the digest of an owner and the id of a session |
//! | `t` | 16 | the id of an access token |
//! | `o` | 16 + 6 | the digest of an owner and a revision, big-endian |
//! | `p` | 16 + 6 + 16 | the same, and the id of the spared session |

use uuid::Uuid;

use crate::owner::{OwnerDigest, Revision};
use crate::revocation::Revocation;

/// Encodes a revocation.
pub(super) fn encode(revocation: &Revocation) -> Vec<u8> {
    match revocation {
        Revocation::Session(owner, sid) => [b"s", &owner.as_bytes()[..], sid.as_bytes()].concat(),
        Revocation::Token(id) => [b"t", &id.as_bytes()[..]].concat(),
        Revocation::Owner(owner, revision, spared) => {
            let letter = if spared.is_some() { b"p" } else { b"o" };
            let revision = revision.as_u64().to_be_bytes();
            let spared = spared.as_ref().map_or(&[][..], |sid| sid.as_bytes());
            [letter, &owner.as_bytes()[..], &revision[2..], spared].concat()
        }
    }
}

/// Decodes an entry. Ignores an unknown part and everything after it.
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
    let (letter, rest) = entry.split_first()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let owner = OwnerDigest::from_bytes(*id);
    match letter {
        b's' => {
            let (sid, rest) = rest.split_first_chunk::<16>()?;
            Some((Revocation::Session(owner, Uuid::from_bytes(*sid)), rest))
        }
        b't' => Some((Revocation::Token(Uuid::from_bytes(*id)), rest)),
        b'o' => {
            let (revision, rest) = revision(rest)?;
            Some((Revocation::Owner(owner, revision, None), rest))
        }
        b'p' => {
            let (revision, rest) = revision(rest)?;
            let (sid, rest) = rest.split_first_chunk::<16>()?;
            Some((Revocation::Owner(owner, revision, Some(Uuid::from_bytes(*sid))), rest))
        }
        _ => None,
    }
}

fn revision(entry: &[u8]) -> Option<(Revision, &[u8])> {
    let (bytes, rest) = entry.split_first_chunk::<6>()?;
    let mut number = [0; 8];
    number[2..].copy_from_slice(bytes);
    Some((Revision::from_u64(u64::from_be_bytes(number)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_one_after_another() {
        let owner = OwnerDigest::from_bytes([8; 16]);
        let sid = Uuid::from_bytes([7; 16]);
        let revision = Revision::from_u64(0x0102);
        let all = [
            Revocation::Session(owner, sid),
            Revocation::Owner(owner, revision, None),
            Revocation::Token(Uuid::from_bytes([9; 16])),
            Revocation::Owner(owner, revision, Some(sid)),
        ];
        let entry: Vec<u8> = all.iter().flat_map(encode).collect();
        assert_eq!(entry.len(), 33 + 23 + 17 + 39);
        assert_eq!(entry[33..56], [&b"o"[..], &[8; 16], &[0, 0, 0, 0, 1, 2]].concat());
        assert_eq!(revocations(&entry), all);
        assert_eq!(revocations(&entry[..entry.len() - 1]), all[..3], "a truncated part is left out");
    }

    #[test]
    fn garbage_revokes_nothing() {
        for garbage in [&b""[..], b"s", b"x", &[0; 17], b"s too short", &[255; 1_000]] {
            assert_eq!(revocations(garbage), []);
        }
    }
}
