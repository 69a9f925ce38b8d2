//! A family as a field of its subject's hash: the 16 bytes of its `sid`, and 60 bytes of record, so
//! that the hash stays a listpack (`hash-max-listpack-value` is 64). The scripts know this layout.
//!
//! | bytes | what |
//! |---|---|
//! | 0–15 | current |
//! | 16–31 | previous, or zeros |
//! | 32–37 | when that was replaced, or zeros |
//! | 38–43 | created |
//! | 44–49 | idle end |
//! | 50–55 | absolute end |
//! | 56–59 | generation |
//!
//! Numbers are big-endian, times in milliseconds. The user agent is cut into pieces, in fields of their own: `sid`
//! and a digit.

use std::collections::HashMap;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::refresh::{Device, Family, Previous};

const SID: usize = 16;
const RECORD: usize = 60;

/// A piece of a user agent, and how many there are at most.
const PIECE: usize = 64;
const PIECES: usize = 4;

pub(super) fn encode(family: &Family) -> Vec<u8> {
    let (previous, replaced_at) = match family.previous {
        Some(previous) => (previous.id, previous.replaced_at),
        None => (Uuid::nil(), Timestamp::from_millis(0)),
    };
    let mut record = Vec::with_capacity(RECORD);
    record.extend_from_slice(family.current.as_bytes());
    record.extend_from_slice(previous.as_bytes());
    for time in [replaced_at, family.created_at, family.idle_end, family.absolute_end] {
        record.extend_from_slice(&time.as_millis().to_be_bytes()[2..]);
    }
    record.extend_from_slice(&family.generation.to_be_bytes());
    record
}

/// # Errors
///
/// The bytes are not a record.
pub(super) fn decode(sid: Uuid, record: &[u8]) -> Result<Family, StoreError> {
    if record.len() != RECORD {
        return Err(StoreError::Corrupt("a record that is not 60 bytes long"));
    }
    let id = |at: usize| {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&record[at..at + 16]);
        Uuid::from_bytes(bytes)
    };
    let time = |at: usize| {
        let mut bytes = [0; 8];
        bytes[2..].copy_from_slice(&record[at..at + 6]);
        Timestamp::from_millis(u64::from_be_bytes(bytes))
    };
    let previous = Previous { id: id(16), replaced_at: time(32) };
    Ok(Family {
        sid,
        current: id(0),
        previous: (!previous.id.is_nil()).then_some(previous),
        created_at: time(38),
        idle_end: time(44),
        absolute_end: time(50),
        generation: u32::from_be_bytes([record[56], record[57], record[58], record[59]]),
        device: Device::default(),
    })
}

/// The user agent of a family, in pieces.
pub(super) fn user_agent(family: &Family) -> Vec<&[u8]> {
    family.device.user_agent().unwrap_or_default().as_bytes().chunks(PIECE).take(PIECES).collect()
}

/// The fields of a family: its record, and the pieces of its user agent.
pub(super) fn fields(sid: Uuid) -> Vec<Vec<u8>> {
    let pieces = (b'0'..).take(PIECES).map(|digit| [sid.as_bytes().as_slice(), &[digit]].concat());
    [sid.as_bytes().to_vec()].into_iter().chain(pieces).collect()
}

/// The device of a family, from the pieces in its hash.
fn device(sid: Uuid, hash: &HashMap<Vec<u8>, Vec<u8>>) -> Device {
    let pieces = fields(sid).into_iter().skip(1).map_while(|field| hash.get(&field));
    let user_agent: Vec<u8> = pieces.flatten().copied().collect();
    Device::new(&String::from_utf8_lossy(&user_agent))
}

/// Every family of a hash. Fields of another form are somebody else's and are left alone.
pub(super) fn decode_all(hash: &HashMap<Vec<u8>, Vec<u8>>) -> Result<Vec<Family>, StoreError> {
    let families = hash.iter().filter(|(field, _)| field.len() == SID);
    families
        .filter_map(|(field, record)| Some((Uuid::from_slice(field).ok()?, record)))
        .map(|(sid, record)| Ok(Family { device: device(sid, hash), ..decode(sid, record)? }))
        .collect()
}

/// The ids of the families of a hash, by its fields.
pub(super) fn sids(fields: &[Vec<u8>]) -> Vec<Uuid> {
    fields.iter().filter_map(|field| Uuid::from_slice(field).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family() -> Family {
        Family {
            sid: Uuid::from_u128(1),
            current: Uuid::from_u128(u128::MAX),
            generation: u32::MAX - 1,
            previous: Some(Previous {
                id: Uuid::from_u128(3),
                replaced_at: Timestamp::from_millis(1_700_000_000_001),
            }),
            created_at: Timestamp::from_millis(1_700_000_000_000),
            idle_end: Timestamp::MAX,
            absolute_end: Timestamp::MAX,
            device: Device::default(),
        }
    }

    #[test]
    fn a_record_reads_back() {
        for family in [family(), Family { previous: None, ..family() }] {
            let record = encode(&family);
            assert_eq!(record.len(), RECORD);
            assert_eq!(decode(family.sid, &record).unwrap(), family);
        }
    }

    #[test]
    fn the_longest_user_agent_reads_back_from_its_pieces() {
        let family = Family { device: Device::new(&"ü".repeat(200)), ..family() };
        let pieces = user_agent(&family);
        assert_eq!(pieces.len(), PIECES);
        let fields = pieces
            .iter()
            .zip(b'0'..)
            .map(|(piece, digit)| ([family.sid.as_bytes().as_slice(), &[digit]].concat(), piece.to_vec()));
        let record = (family.sid.as_bytes().to_vec(), encode(&family));
        assert_eq!(decode_all(&fields.chain([record]).collect()).unwrap(), [family]);
    }

    #[test]
    fn garbage_is_an_error() {
        for garbage in [&b""[..], b"x", &[0; 59], &[0; 61]] {
            assert!(decode(Uuid::nil(), garbage).is_err());
            let hash = HashMap::from([(vec![7; SID], garbage.to_vec())]);
            assert!(decode_all(&hash).is_err());
        }
        let theirs = HashMap::from([(b"note".to_vec(), b"hello".to_vec())]);
        assert_eq!(decode_all(&theirs).unwrap(), []);
    }
}
