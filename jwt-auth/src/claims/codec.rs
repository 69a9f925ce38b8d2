//! Reads claims types from payloads and writes them to payloads. Works on data alone, without keys or clocks.

use super::Claims;
use super::profile::Profile;
use super::registered::Registered;
use super::split::{Dialect, ReadMode, split};
use super::version::{self, NotReadable, Upgrade};
use super::write::Body;
use crate::error::AuthError;

/// The profiles of a claims type, and how its values are read and written.
pub struct Codec<C> {
    profiles: Profiles,
    read: Read<C>,
    write: fn(&C) -> Result<Body, AuthError>,
}

/// A struct has one profile, and an enum has one for each variant.
enum Profiles {
    One(Profile),
    Many(&'static [Profile]),
}

enum Read<C> {
    Struct(Upgrade<C>, ReadStruct<C>),
    Enum(ReadVariant<C>),
}

type ReadStruct<C> = for<'de> fn(&Payload<'de>, Upgrade<C>) -> Result<Decoded<'de, C>, NotReadable>;

type ReadVariant<C> = for<'de> fn(&Payload<'de>, usize) -> Result<Decoded<'de, C>, NotReadable>;

/// The payload of a token, and the conventions of its issuer.
#[derive(Clone, Copy)]
pub struct Payload<'de> {
    json: &'de str,
    dialect: Dialect,
}

/// Claims, with the registered claims of the same token.
pub struct Decoded<'de, C> {
    pub(crate) claims: C,
    pub(crate) registered: Registered<'de>,
}

impl<C: Claims> Codec<C> {
    /// Creates the codec of a struct.
    pub const fn of_struct() -> Self {
        Self::with_upgrades(version::no_upgrade::<C>)
    }

    /// Creates the codec of a struct that can be read from earlier versions of itself.
    pub const fn with_upgrades(upgrade: Upgrade<C>) -> Self {
        Self {
            profiles: Profiles::One(Profile::of::<C>()),
            read: Read::Struct(upgrade, read_struct::<C>),
            write: Body::of::<C>,
        }
    }

    /// Creates the codec of an enum. `read` reads the variant with the given number.
    pub const fn of_enum(
        profiles: &'static [Profile],
        read: ReadVariant<C>,
        write: fn(&C) -> Result<Body, AuthError>,
    ) -> Self {
        Self { profiles: Profiles::Many(profiles), read: Read::Enum(read), write }
    }
}

impl<C> Codec<C> {
    /// Reads claims of the profile with this number.
    pub(crate) fn read<'de>(
        &self,
        payload: &Payload<'de>,
        profile: usize,
    ) -> Result<Decoded<'de, C>, NotReadable> {
        match self.read {
            Read::Struct(upgrade, read) => read(payload, upgrade),
            Read::Enum(read) => read(payload, profile),
        }
    }

    /// Writes claims, without the registered claims that are known only when the token is signed.
    pub(crate) fn write(&self, claims: &C) -> Result<Body, AuthError> {
        (self.write)(claims)
    }

    /// Returns the profiles in order.
    pub(crate) const fn profiles(&self) -> &[Profile] {
        match &self.profiles {
            Profiles::One(profile) => std::slice::from_ref(profile),
            Profiles::Many(profiles) => profiles,
        }
    }

    /// Returns the number of profiles.
    pub(crate) const fn len(&self) -> usize {
        self.profiles().len()
    }

    /// Returns the profile with this number.
    pub(crate) const fn profile(&self, number: usize) -> Profile {
        self.profiles()[number]
    }

    /// Returns the kind of claims that this app issues as this type: the audience of the type, if it has one of its
    /// own. Together with a subject, the kind identifies sessions. Fails to compile if the type has several kinds, or
    /// none.
    pub(crate) const fn kind(&self) -> Option<&'static str> {
        let profiles = self.profiles();
        let mut found: Option<Option<&'static str>> = None;
        let mut number = 0;
        while number < profiles.len() {
            if profiles[number].issuer.is_none() {
                assert!(
                    found.is_none(),
                    "these claims have several kinds, each with its own sessions: name the type of one variant"
                );
                found = Some(profiles[number].audience);
            }
            number += 1;
        }
        match found {
            Some(kind) => kind,
            None => {
                panic!("these claims belong to a trusted issuer, whose sessions are not sessions of this app")
            }
        }
    }

    /// Returns whether this app issues claims of this kind as this type.
    pub(crate) fn has_kind(&self, kind: Option<&str>) -> bool {
        self.profiles().iter().any(|profile| profile.issuer.is_none() && profile.audience == kind)
    }
}

impl<'de> Payload<'de> {
    pub(crate) fn new(json: &'de str, dialect: Dialect) -> Self {
        Self { json, dialect }
    }

    /// Reads the claims with the codec of a struct that is the content of an enum's variant.
    pub fn read<C>(&self, codec: &Codec<C>) -> Result<Decoded<'de, C>, NotReadable> {
        codec.read(self, 0)
    }
}

fn read_struct<'de, C: Claims>(
    payload: &Payload<'de>,
    upgrade: Upgrade<C>,
) -> Result<Decoded<'de, C>, NotReadable> {
    let (claims, registered) = match (payload.dialect, C::VERSION) {
        (Dialect::Own, Some(version)) => version::read(payload.json, version, upgrade)?,
        (dialect, _) => split(payload.json, ReadMode::of::<C>(dialect))?,
    };
    Ok(Decoded { claims, registered })
}

impl<'de, C> Decoded<'de, C> {
    /// Wraps the claims in the variant of an enum.
    pub fn map<D>(self, into: impl FnOnce(C) -> D) -> Decoded<'de, D> {
        Decoded { claims: into(self.claims), registered: self.registered }
    }
}

impl Profile {
    /// Returns the profile of an enum's variant, which is that of the struct in it.
    pub const fn of_variant<C>(held: &Codec<C>) -> Self {
        assert!(held.len() == 1, "a variant of a claims enum must hold a claims struct, not an enum");
        held.profile(0)
    }
}

/// Asserts at compile time that the variants of an enum can be told apart by their tokens.
pub const fn assert_profiles_differ<C>(codec: &Codec<C>) {
    let profiles = codec.profiles();
    let mut one = 0;
    while one < profiles.len() {
        let mut other = 0;
        while other < one {
            assert!(
                !profiles[one].is(&profiles[other]),
                "two variants have the same issuer and the same audience, so their tokens cannot be told apart: write \
                 `#[claims(issuer = \"…\")]` or `#[claims(audience = \"…\")]` on one of the structs"
            );
            other += 1;
        }
        one += 1;
    }
}
