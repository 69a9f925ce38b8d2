//! Attempts as bytes, for stores that keep them as a whole.

use serde::{Deserialize, Serialize};

use super::attempts::{Attempts, NetworkAttempts};
use super::network::Network;
use crate::clock::Timestamp;
use crate::error::StoreError;

/// The content of the bytes, by version. A later version of the crate adds another variant and can still read this one.
#[derive(Serialize, Deserialize)]
#[serde(tag = "version")]
enum Versions {
    #[serde(rename = "1")]
    First(Record),
}

/// Attempts as stored. Times are in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct Record {
    new_networks: u64,
    known_networks: u64,
    /// The network, `full_at` and `known_until`.
    networks: Vec<(Vec<u8>, u64, u64)>,
}

impl Attempts {
    /// Returns the attempts as bytes, which contain their version.
    pub fn to_bytes(&self) -> Vec<u8> {
        let own = |own: &NetworkAttempts| {
            (own.network.as_bytes().to_vec(), own.full_at.as_millis(), own.known_until.as_millis())
        };
        let record = Record {
            new_networks: self.new_networks.as_millis(),
            known_networks: self.known_networks.as_millis(),
            networks: self.networks.iter().map(own).collect(),
        };
        serde_json::to_vec(&Versions::First(record)).expect("numbers and lists serialize")
    }

    /// Restores attempts from their bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`]: the bytes are not attempts, or were written by a later version of this crate.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("bytes that are not attempts of a known version");
        let Versions::First(record) = serde_json::from_slice(bytes).map_err(|_| corrupt())?;
        let own = |(network, full_at, known_until): (Vec<u8>, u64, u64)| {
            Some(NetworkAttempts {
                network: Network::from_bytes(&network)?,
                full_at: Timestamp::from_millis(full_at),
                known_until: Timestamp::from_millis(known_until),
            })
        };
        let networks: Option<Vec<_>> = record.networks.into_iter().map(own).collect();
        let networks =
            networks.filter(|networks| networks.len() <= Self::MAX_NETWORKS).ok_or_else(corrupt)?;
        let [new_networks, known_networks] =
            [record.new_networks, record.known_networks].map(Timestamp::from_millis);
        Ok(Self { new_networks, known_networks, networks })
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::Duration;

    use super::*;
    use crate::config::Budget;
    use crate::throttle::{AccountDigest, Attempt, AttemptLimits};

    fn attempts() -> Attempts {
        let mut attempts = Attempts::default();
        let budget = Some(Budget::new(2, Duration::from_secs(60)));
        let limits = AttemptLimits::new(budget, budget, budget, Duration::from_secs(3_600));
        for address in ["192.0.2.1", "2001:db8::1"] {
            let network = Network::of(address.parse::<IpAddr>().expect("an address"));
            let now = Timestamp::from_millis(1_700_000_000_001);
            let attempt = Attempt::new(AccountDigest::of(None, "ann"), network, limits, now);
            attempts.reserve(&attempt);
            attempts.give_back(&attempt, false, network != Network::UNKNOWN);
            attempts.reserve(&attempt);
        }
        attempts
    }

    #[test]
    fn attempts_can_be_read_back() {
        for attempts in [attempts(), Attempts::default()] {
            assert_eq!(Attempts::from_bytes(&attempts.to_bytes()).unwrap(), attempts);
        }
    }

    #[test]
    fn garbage_and_later_versions_are_errors() {
        let bytes = attempts().to_bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let later = text.replace(r#""version":"1""#, r#""version":"2""#);
        let network = text.replace("[192,0,2,1]", "[192,0,2]");
        assert_ne!(network, text);
        let many = format!(
            r#"{{"version":"1","new_networks":0,"known_networks":0,"networks":[{}]}}"#,
            vec!["[[1,2,3,4],1,1]"; 65].join(",")
        );
        for wrong in [
            &b""[..],
            b"{}",
            &bytes[..bytes.len() - 1],
            later.as_bytes(),
            network.as_bytes(),
            many.as_bytes(),
        ] {
            assert!(matches!(Attempts::from_bytes(wrong), Err(StoreError::Corrupt(_))), "{wrong:?}");
        }
    }
}
