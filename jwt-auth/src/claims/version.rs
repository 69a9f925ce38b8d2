//! Claims types that change between releases: tokens say which version they are of, and earlier ones are
//! read as what they were.

use std::any::type_name;
use std::fmt::Display;

use serde::Deserialize;
use serde::de::Error;

use super::Claims;
use super::read::{How, split};
use super::registered::Registered;

/// What a claim is called that says the version.
pub(super) const NAME: &str = "ver";

/// The version of tokens that say none.
pub(super) const FIRST: u32 = 1;

/// Why claims cannot be read.
pub type NotReadable = serde_json::Error;

/// A payload of another version than that of the type that it is to be read as.
pub struct Earlier<'p, 'de> {
    payload: &'de str,
    registered: &'p mut Registered<'de>,
}

impl Earlier<'_, '_> {
    /// There is no upgrade from this version.
    pub fn unknown<C: Claims>(&self, version: u32) -> NotReadable {
        NotReadable::custom(format_args!(
            "the claims are of version {version}, and `{}` of version {}: it has no `upgrade({version} = …)`",
            type_name::<C>(),
            C::VERSION.unwrap_or(FIRST)
        ))
    }
}

/// Reads claims as the type that they were, and makes of them what they are now.
pub fn upgrade<Old: Claims, C>(
    earlier: Earlier<'_, '_>,
    by: impl FnOnce(Old) -> C,
) -> Result<C, NotReadable> {
    let (old, registered) = split::<Old>(earlier.payload, How::versioned(Old::SUBJECT_FIELD))?;
    *earlier.registered = registered;
    Ok(by(old))
}

/// Reads both the claims and the registered ones, of whatever version they are, for a type of version `own`.
pub(super) fn read<C: Claims>(payload: &str, own: u32) -> Result<(C, Registered<'_>), NotReadable> {
    let version = version(payload)?;
    if version == own {
        return split(payload, How::versioned(C::SUBJECT_FIELD));
    }
    let mut registered = Registered::default();
    let claims = C::upgrade(version, Earlier { payload, registered: &mut registered })?;
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
