//! The kinds of tokens that a claims type is read from: an issuer and an audience for each profile.

use super::Claims;
use super::codec::Codec;
use super::profile::Profile;

/// The kinds of tokens that a claims type is read from.
#[derive(Clone, Copy)]
pub struct Kinds(&'static [Profile]);

/// A reference to a codec, promoted to a constant.
trait CodecRef: Claims {
    const CODEC_REF: &'static Codec<Self> = &Self::CODEC;
}

impl<C: Claims> CodecRef for C {}

impl Kinds {
    /// Returns the kinds of a claims type.
    pub const fn of<C: Claims>() -> Self {
        Self(C::CODEC_REF.profiles())
    }

    /// Returns whether a single token can be read as the types in both lists. Types without claims are ignored.
    pub const fn may_meet<const N: usize, const M: usize>(
        one: [Option<Self>; N],
        other: [Option<Self>; M],
    ) -> bool {
        let mut at = 0;
        while at < N * M {
            if let (Some(one), Some(other)) = (one[at / M], other[at % M])
                && !one.meets(other)
            {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn meets(self, other: Self) -> bool {
        let mut at = 0;
        while at < self.0.len() * other.0.len() {
            if self.0[at / other.0.len()].may_share_token_with(&other.0[at % other.0.len()]) {
                return true;
            }
            at += 1;
        }
        false
    }
}
