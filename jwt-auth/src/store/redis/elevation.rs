//! The encoding of an elevation as a hash field of its own, of at most 64 bytes: six bytes each for `auth_time` and
//! `until`, in milliseconds and big-endian, and then the `acr`, if there is one.

use super::time;
use crate::family::Elevation;

const TIMES: usize = 2 * time::LENGTH;

pub(super) fn encode(elevation: &Elevation) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(TIMES + Elevation::LONGEST_ACR);
    for time in [elevation.auth_time, elevation.until] {
        bytes.extend_from_slice(&time::encode(time));
    }
    bytes.extend_from_slice(elevation.acr.as_deref().unwrap_or_default().as_bytes());
    bytes
}

/// Decodes an elevation. Returns `None` for bytes that are not one: then the sign-in that the session began with counts.
pub(super) fn decode(bytes: &[u8]) -> Option<Elevation> {
    let (times, acr) =
        bytes.split_at_checked(TIMES).filter(|(_, acr)| acr.len() <= Elevation::LONGEST_ACR)?;
    let acr = str::from_utf8(acr).ok()?;
    let (auth_time, until) = (time::decode(times), time::decode(&times[time::LENGTH..]));
    Some(Elevation::new(auth_time, until, (!acr.is_empty()).then(|| acr.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn an_elevation_reads_back() {
        let longest = "ü".repeat(Elevation::LONGEST_ACR / 2);
        for acr in [None, Some("mfa".to_owned()), Some(longest)] {
            let elevation = Elevation::new(Timestamp::from_millis(1_700_000_000_001), Timestamp::MAX, acr);
            let bytes = encode(&elevation);
            assert!(bytes.len() <= 64, "the hash stays a listpack");
            assert_eq!(decode(&bytes), Some(elevation));
        }
    }

    #[test]
    fn garbage_is_no_elevation() {
        let bytes = |acr: &[u8]| [&[0; TIMES], acr].concat();
        assert!(decode(&bytes(b"mfa")).is_some());
        for garbage in [vec![], vec![0; TIMES - 1], bytes(&[b'x'; 53]), bytes(b"\xff"), bytes(b"mf\xc3")] {
            assert_eq!(decode(&garbage), None, "{garbage:?}");
        }
    }
}
