//! A family as a field of its subject's hash: the 16 bytes of its `sid`, and 56 bytes of record, so
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
//!
//! Times are milliseconds, big-endian. The user agent has a field of its own, `sid` and `u`.

use std::collections::HashMap;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::refresh::{Device, Family, Previous};

const SID: usize = 16;
const RECORD: usize = 56;

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
    record
}

/// # Errors
///
/// The bytes are not a record.
pub(super) fn decode(sid: Uuid, record: &[u8]) -> Result<Family, StoreError> {
    if record.len() != RECORD {
        return Err(StoreError::Corrupt("a record that is not 56 bytes long"));
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
        device: Device::default(),
    })
}

/// The field of a family's user agent.
pub(super) fn user_agent_field(sid: Uuid) -> Vec<u8> {
    [sid.as_bytes().as_slice(), b"u"].concat()
}

/// Every family of a hash. Fields of another form are somebody else's and are left alone.
pub(super) fn decode_all(mut hash: HashMap<Vec<u8>, Vec<u8>>) -> Result<Vec<Family>, StoreError> {
    let sids: Vec<Uuid> = hash
        .keys()
        .filter(|field| field.len() == SID)
        .filter_map(|field| Uuid::from_slice(field).ok())
        .collect();
    sids.into_iter()
        .map(|sid| {
            let record = hash.remove(sid.as_bytes().as_slice()).unwrap_or_default();
            let mut family = decode(sid, &record)?;
            if let Some(user_agent) = hash.remove(&user_agent_field(sid)) {
                family.device = Device::new(&String::from_utf8_lossy(&user_agent));
            }
            Ok(family)
        })
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
    fn garbage_is_an_error() {
        for garbage in [&b""[..], b"x", &[0; 55], &[0; 57]] {
            assert!(decode(Uuid::nil(), garbage).is_err());
            let hash = HashMap::from([(vec![7; SID], garbage.to_vec())]);
            assert!(decode_all(hash).is_err());
        }
        let theirs = HashMap::from([(b"note".to_vec(), b"hello".to_vec())]);
        assert_eq!(decode_all(theirs).unwrap(), []);
    }
}
