//! A family as bytes, for stores that keep it as a whole.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Device, Elevation, Family, PreviousToken};
use crate::clock::Timestamp;
use crate::error::StoreError;

/// The content of the bytes, by version. A later version of the crate adds another variant and can still read this one.
#[derive(Serialize, Deserialize)]
#[serde(tag = "version")]
enum Versions {
    #[serde(rename = "1")]
    First(Record),
}

/// A family as stored. Times are in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct Record {
    sid: Uuid,
    current: Uuid,
    generation: u32,
    previous: Option<(Uuid, u64)>,
    confirmed: bool,
    created_at: u64,
    idle_end: u64,
    absolute_end: u64,
    user_agent: Option<String>,
    label: Option<String>,
    ip: Option<IpAddr>,
    /// `auth_time`, `until` and `acr`. The first families had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    elevation: Option<(u64, u64, Option<String>)>,
}

impl Family {
    /// Returns the family as bytes, which contain their version.
    pub fn to_bytes(&self) -> Vec<u8> {
        let previous = self.previous.map(|previous| (previous.id, previous.replaced_at.as_millis()));
        let record = Record {
            sid: self.sid,
            current: self.current,
            generation: self.generation,
            previous,
            confirmed: self.confirmed,
            created_at: self.created_at.as_millis(),
            idle_end: self.idle_end.as_millis(),
            absolute_end: self.absolute_end.as_millis(),
            user_agent: self.device.user_agent().map(str::to_owned),
            label: self.device.label().map(str::to_owned),
            ip: self.device.ip(),
            elevation: self
                .elevation
                .as_ref()
                .map(|it| (it.auth_time.as_millis(), it.until.as_millis(), it.acr.clone())),
        };
        serde_json::to_vec(&Versions::First(record)).expect("numbers and strings serialize")
    }

    /// Restores a family from its bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`]: the bytes are not a family, or were written by a later version of this crate.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let Versions::First(record) = serde_json::from_slice(bytes)
            .map_err(|_| StoreError::Corrupt("bytes that are not a family of a known version"))?;
        let previous =
            record.previous.map(|(id, at)| PreviousToken { id, replaced_at: Timestamp::from_millis(at) });
        let device = Device::new(record.user_agent.as_deref().unwrap_or_default())
            .with_label(record.label.as_deref())
            .with_ip(record.ip);
        Ok(Self {
            sid: record.sid,
            current: record.current,
            generation: record.generation,
            previous,
            confirmed: record.confirmed,
            created_at: Timestamp::from_millis(record.created_at),
            idle_end: Timestamp::from_millis(record.idle_end),
            absolute_end: Timestamp::from_millis(record.absolute_end),
            elevation: record.elevation.map(|(auth_time, until, acr)| {
                Elevation::new(Timestamp::from_millis(auth_time), Timestamp::from_millis(until), acr)
            }),
            device,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_family_can_be_read_back() {
        let day = Duration::from_secs(86_400);
        let device =
            Device::new("Mozilla/5.0 \"ü\"").with_label("phone").with_ip(IpAddr::from([192, 0, 2, 1]));
        let begun = Family::begin(Timestamp::from_millis(1_700_000_000_001), day, 2 * day, device);
        let previous = PreviousToken::new(Uuid::from_u128(3), begun.created_at);
        let refreshed =
            Family { previous: Some(previous), confirmed: true, generation: u32::MAX, ..begun.clone() };
        let bare = Family { device: Device::default(), ..begun.clone() };
        let elevation = |acr| Some(Elevation::new(begun.created_at, Timestamp::MAX, acr));
        let elevated = [Some("mfa".to_owned()), None].map(elevation);
        let elevated = elevated.map(|elevation| Family { elevation, ..begun.clone() });
        for family in [begun.clone(), refreshed, bare].into_iter().chain(elevated) {
            assert_eq!(Family::from_bytes(&family.to_bytes()).unwrap(), family);
        }
    }

    #[test]
    fn a_family_from_before_elevations_can_be_read() {
        let bytes = br#"{"version":"1","sid":"00000000-0000-0000-0000-000000000001",
            "current":"00000000-0000-0000-0000-000000000002","generation":0,"previous":null,"confirmed":false,
            "created_at":1,"idle_end":2,"absolute_end":3,"user_agent":null,"label":null,"ip":null}"#;
        let family = Family::from_bytes(bytes).unwrap();
        assert_eq!((family.absolute_end, family.elevation), (Timestamp::from_millis(3), None));
    }

    #[test]
    fn garbage_and_later_versions_are_errors() {
        let family = Family::begin(Timestamp::from_secs(1), Duration::MAX, Duration::MAX, Device::default())
            .to_bytes();
        let later =
            String::from_utf8(family.clone()).unwrap().replace(r#""version":"1""#, r#""version":"2""#);
        for wrong in [&b""[..], b"{}", b"\0\xff", &family[..family.len() - 1], later.as_bytes()] {
            assert!(matches!(Family::from_bytes(wrong), Err(StoreError::Corrupt(_))), "{wrong:?}");
        }
    }
}
