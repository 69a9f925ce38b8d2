//! Ids for tokens that have none.

use aws_lc_rs::digest;
use uuid::{Builder, Uuid, Variant, Version};

/// Returns a digest of the text, as a UUID.
pub(crate) fn digest_id(text: &str) -> Uuid {
    Builder::from_custom_bytes(half_sha256(text)).into_uuid()
}

/// Returns the id of the access token that is the only token of a session. Its version differs from that of all other ids
/// of this crate.
pub(crate) fn id_of_only_token(sid: Uuid) -> Uuid {
    Builder::from_sha1_bytes(half_sha256_of(&[sid.as_bytes(), b"access token"])).into_uuid()
}

/// Returns whether this may be the id of the only token of a session.
pub(crate) fn is_id_of_only_token(id: Uuid) -> bool {
    id.get_variant() == Variant::RFC4122 && id.get_version() == Some(Version::Sha1)
}

/// Returns the first half of the SHA-256 digest of the text.
pub(crate) fn half_sha256(text: &str) -> [u8; 16] {
    half_sha256_of(&[text.as_bytes()])
}

/// Returns the first half of the SHA-256 digest of these pieces, concatenated.
pub(crate) fn half_sha256_of(pieces: &[&[u8]]) -> [u8; 16] {
    let mut context = digest::Context::new(&digest::SHA256);
    pieces.iter().for_each(|piece| context.update(piece));
    let mut half = [0; 16];
    half.copy_from_slice(&context.finish().as_ref()[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_only_token_differs_from_all_others() {
        let sid = Uuid::new_v4();
        let id = id_of_only_token(sid);
        assert!(is_id_of_only_token(id));
        assert_eq!(id, id_of_only_token(sid));
        for other in
            [sid, Uuid::new_v4(), Uuid::nil(), Uuid::max(), digest_id("text"), Uuid::from_bytes([0x55; 16])]
        {
            assert!(!is_id_of_only_token(other), "{other}");
        }
    }
}
