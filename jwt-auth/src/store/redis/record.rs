//! The encoding of a family as a field of its owner's hash. The name of the field is the 16 bytes of the `sid`. The
//! value is a record of 61 bytes, so that the hash stays a listpack (`hash-max-listpack-value` is 64). The Lua scripts
//! use the same layout.
//!
//! | bytes | content |
//! |---|---|
//! | 0–15 | the id of the current token, or zeros if the family has no refresh tokens |
//! | 16–31 | the id of the previous token, or zeros |
//! | 32–37 | `replaced_at` of the previous token, or zeros |
//! | 38–43 | `created_at` |
//! | 44–49 | `idle_end` |
//! | 50–55 | `absolute_end` |
//! | 56–59 | `generation` |
//! | 60 | 1 if that generation is `confirmed`, otherwise 0 |
//!
//! Numbers are big-endian, and times are in milliseconds. The device and the elevation have fields of their own, which are
//! also small. Their names are the `sid` followed by a digit for a piece of the user agent, or by a letter for the label,
//! the IP address or the [elevation](super::elevation).

use std::collections::HashMap;
use std::net::IpAddr;

use uuid::Uuid;

use super::{elevation, time};
use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::family::{Device, Family, PreviousToken};

const SID: usize = 16;
const RECORD: usize = 61;

/// The suffixes of the other fields: for the pieces of the user agent, the label, the IP address, and the elevation.
const USER_AGENT: [&str; 4] = ["0", "1", "2", "3"];
const LABEL: &str = "l";
const IP: &str = "i";
const ELEVATION: &str = "e";

/// The length of a piece of the user agent, in bytes.
const PIECE: usize = 64;

pub(super) fn encode(family: &Family) -> Vec<u8> {
    let (previous, replaced_at) = match family.previous {
        Some(previous) => (previous.id, previous.replaced_at),
        None => (Uuid::nil(), Timestamp::from_millis(0)),
    };
    let mut record = Vec::with_capacity(RECORD);
    record.extend_from_slice(family.current.as_bytes());
    record.extend_from_slice(previous.as_bytes());
    for time in [replaced_at, family.created_at, family.idle_end, family.absolute_end] {
        record.extend_from_slice(&time::encode(time));
    }
    record.extend_from_slice(&family.generation.to_be_bytes());
    record.push(family.confirmed.into());
    record
}

/// Decodes a record.
///
/// # Errors
///
/// Returns an error if the bytes are not a record.
pub(super) fn decode(sid: Uuid, record: &[u8]) -> Result<Family, StoreError> {
    if record.len() != RECORD {
        return Err(StoreError::Corrupt("a record that is not 61 bytes long"));
    }
    let id = |at: usize| {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&record[at..at + 16]);
        Uuid::from_bytes(bytes)
    };
    let time = |at: usize| time::decode(&record[at..]);
    let previous = PreviousToken { id: id(16), replaced_at: time(32) };
    Ok(Family {
        sid,
        current: id(0),
        previous: (!previous.id.is_nil()).then_some(previous),
        created_at: time(38),
        idle_end: time(44),
        absolute_end: time(50),
        generation: u32::from_be_bytes([record[56], record[57], record[58], record[59]]),
        confirmed: record[60] != 0,
        elevation: None,
        device: Device::default(),
    })
}

/// Returns the fields of a family in addition to its record: their suffixes and values.
pub(super) fn other_fields(family: &Family) -> Vec<(&'static str, Vec<u8>)> {
    let device = &family.device;
    let pieces = device.user_agent().unwrap_or_default().as_bytes().chunks(PIECE);
    let mut fields: Vec<_> = USER_AGENT.into_iter().zip(pieces.map(<[u8]>::to_vec)).collect();
    fields.extend(device.label().map(|label| (LABEL, label.into())));
    fields.extend(device.ip().map(|ip| (IP, ip.to_string().into())));
    fields.extend(family.elevation.as_ref().map(|elevation| (ELEVATION, elevation::encode(elevation))));
    fields
}

/// Returns the names of a family's fields: those of its record, of its device and of its elevation.
pub(super) fn fields(sid: Uuid) -> Vec<Vec<u8>> {
    let suffixes = [""].into_iter().chain(USER_AGENT).chain([LABEL, IP, ELEVATION]);
    suffixes.map(|suffix| field(sid, suffix)).collect()
}

fn field(sid: Uuid, suffix: &str) -> Vec<u8> {
    [sid.as_bytes(), suffix.as_bytes()].concat()
}

/// Reads the device of a family from its fields in a hash.
fn device(sid: Uuid, hash: &HashMap<Vec<u8>, Vec<u8>>) -> Device {
    let text = |suffixes: &[&str]| {
        let values = suffixes.iter().map_while(|suffix| hash.get(&field(sid, suffix)));
        String::from_utf8_lossy(&values.flatten().copied().collect::<Vec<u8>>()).into_owned()
    };
    let ip: Option<IpAddr> = text(&[IP]).parse().ok();
    Device::new(&text(&USER_AGENT)).with_label(&*text(&[LABEL])).with_ip(ip)
}

/// Reads every family in a hash. Skips other fields, and records that cannot be read, so that the user's other sessions
/// stay usable.
pub(super) fn decode_all(hash: &HashMap<Vec<u8>, Vec<u8>>) -> Vec<Family> {
    let records = hash.iter().filter_map(|(field, record)| {
        (field.len() == SID).then_some((Uuid::from_slice(field).ok()?, record))
    });
    let family = |(sid, record): (Uuid, &Vec<u8>)| match decode(sid, record) {
        Ok(family) => {
            let elevation = hash.get(&field(sid, ELEVATION)).and_then(|bytes| elevation::decode(bytes));
            Some(Family { elevation, device: device(sid, hash), ..family })
        }
        Err(error) => {
            log::warn!("jwt-auth: session {sid} cannot be read and is skipped: {error}");
            None
        }
    };
    records.filter_map(family).collect()
}

/// Returns the ids of families from the names of their fields.
pub(super) fn sids(fields: &[Vec<u8>]) -> Vec<Uuid> {
    fields.iter().filter_map(|field| Uuid::from_slice(field).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Elevation;

    fn family() -> Family {
        Family {
            sid: Uuid::from_u128(1),
            current: Uuid::from_u128(u128::MAX),
            generation: u32::MAX - 1,
            confirmed: true,
            previous: Some(PreviousToken {
                id: Uuid::from_u128(3),
                replaced_at: Timestamp::from_millis(1_700_000_000_001),
            }),
            created_at: Timestamp::from_millis(1_700_000_000_000),
            idle_end: Timestamp::MAX,
            absolute_end: Timestamp::MAX,
            elevation: None,
            device: Device::default(),
        }
    }

    #[test]
    fn a_record_reads_back() {
        for family in [family(), Family { previous: None, confirmed: false, ..family() }] {
            let record = encode(&family);
            assert_eq!(record.len(), RECORD);
            assert_eq!(decode(family.sid, &record).unwrap(), family);
        }
    }

    #[test]
    fn the_other_fields_read_back_and_are_small() {
        let long = "ü".repeat(200);
        let longest_ip: IpAddr = "1234:1234:1234:1234:1234:1234:1234:1234".parse().unwrap();
        let longest = Device::new(&long).with_label(&*long).with_ip(longest_ip);
        let short = Device::default().with_ip(IpAddr::from([192, 0, 2, 1]));
        let acr = "x".repeat(Elevation::LONGEST_ACR);
        let elevation = Some(Elevation::new(Timestamp::from_millis(1), Timestamp::MAX, Some(acr)));
        for (device, elevation, count) in [
            (longest, elevation.clone(), USER_AGENT.len() + 3),
            (short, None, 1),
            (Device::default(), elevation, 1),
            (Device::default(), None, 0),
        ] {
            let family = Family { device, elevation, ..family() };
            let fields = other_fields(&family);
            assert_eq!(fields.len(), count);
            assert!(fields.iter().all(|(_, value)| value.len() <= 64), "the hash stays a listpack");
            let record = (field(family.sid, ""), encode(&family));
            let hash = fields.into_iter().map(|(suffix, value)| (field(family.sid, suffix), value));
            assert_eq!(decode_all(&hash.chain([record]).collect()), [family]);
        }
    }

    #[test]
    fn an_unreadable_record_does_not_hide_others() {
        for garbage in [&b""[..], b"x", &[0; 60], &[0; 62]] {
            assert!(decode(Uuid::nil(), garbage).is_err());
            let readable = (field(family().sid, ""), encode(&family()));
            let hash = HashMap::from([(vec![7; SID], garbage.to_vec()), readable]);
            assert_eq!(decode_all(&hash), [family()]);
        }
        let theirs = HashMap::from([(b"note".to_vec(), b"hello".to_vec())]);
        assert_eq!(decode_all(&theirs), []);
    }
}
