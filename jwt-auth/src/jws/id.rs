//! Ids for tokens that have none.

use aws_lc_rs::digest;
use uuid::{Builder, Uuid};

/// Returns a digest of the text, as a UUID.
pub(crate) fn digest_id(text: &str) -> Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    Builder::from_custom_bytes(half).into_uuid()
}
