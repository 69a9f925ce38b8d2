//! The encoding of a time: six bytes, in milliseconds and big-endian.

use crate::clock::Timestamp;

/// The length of an encoded time, in bytes.
pub(super) const LENGTH: usize = 6;

pub(super) fn encode(time: Timestamp) -> [u8; LENGTH] {
    let [_, _, bytes @ ..] = time.as_millis().to_be_bytes();
    bytes
}

/// Decodes the time at the beginning of these bytes, of which there are enough.
pub(super) fn decode(bytes: &[u8]) -> Timestamp {
    let mut millis = [0; 8];
    millis[8 - LENGTH..].copy_from_slice(&bytes[..LENGTH]);
    Timestamp::from_millis(u64::from_be_bytes(millis))
}
