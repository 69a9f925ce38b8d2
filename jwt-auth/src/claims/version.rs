//! Versions of claims types that change between releases. Tokens contain the version, and earlier versions are
//! upgraded.

use std::any::type_name;
use std::fmt::Display;

use serde::Deserialize;
use serde::de::Error;

use super::Claims;
use super::registered::Registered;
use super::split::{ReadMode, split};

/// The version of tokens without `ver`.
pub(super) const FIRST: u32 = 1;

/// The reason claims cannot be read.
pub type NotReadable = serde_json::Error;

/// A function that reads a payload of an earlier version.
pub(super) type Upgrade<C> = fn(u32, Earlier<'_, '_>) -> Result<C, NotReadable>;

/// A payload whose version differs from that of its type.
pub struct Earlier<'p, 'de> {
    payload: &'de str,
    registered: &'p mut Registered<'de>,
}

impl Earlier<'_, '_> {
    /// Returns the error for a version without an upgrade.
    pub fn unknown<C: Claims>(&self, version: u32) -> NotReadable {
        NotReadable::custom(format_args!(
            "the claims have version {version}, but `{}` has version {} and no `upgrade({version} = …)`",
            type_name::<C>(),
            C::VERSION.unwrap_or(FIRST)
        ))
    }
}

/// Reads claims as the type of their version, and converts them.
pub fn upgrade<Old: Claims, C>(
    earlier: Earlier<'_, '_>,
    by: impl FnOnce(Old) -> C,
) -> Result<C, NotReadable> {
    let (old, registered) = split::<Old>(earlier.payload, ReadMode::versioned(Old::SUBJECT_FIELD))?;
    *earlier.registered = registered;
    Ok(by(old))
}

/// The upgrade function of a type without upgrades. It always fails.
pub(super) fn no_upgrade<C: Claims>(version: u32, earlier: Earlier<'_, '_>) -> Result<C, NotReadable> {
    Err(earlier.unknown::<C>(version))
}

/// Reads the claims and the registered claims from a payload of any version. `own` is the version of the type.
pub(super) fn read<C: Claims>(
    payload: &str,
    own: u32,
    upgrade: Upgrade<C>,
) -> Result<(C, Registered<'_>), NotReadable> {
    let version = version(payload)?;
    if version == own {
        return split(payload, ReadMode::versioned(C::SUBJECT_FIELD));
    }
    let mut registered = Registered::default();
    let claims = upgrade(version, Earlier { payload, registered: &mut registered })?;
    match registered.sub.as_deref() == Some(claims.subject().as_str()) {
        true => Ok((claims, registered)),
        false => Err(changed("subject", version)),
    }
}

fn version(payload: &str) -> Result<u32, NotReadable> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(default = "first")]
        ver: u32,
    }

    fn first() -> u32 {
        FIRST
    }

    serde_json::from_str(payload).map(|Version { ver }| ver)
}

fn changed(what: impl Display, version: u32) -> NotReadable {
    NotReadable::custom(format_args!("the upgrade from version {version} changed the {what}"))
}
