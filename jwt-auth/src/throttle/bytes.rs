//! Attempts as bytes, for stores that keep them as a whole.

use serde::{Deserialize, Serialize};

use super::attempts::{Attempts, Failures, Known};
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
    /// The network and `full_at`.
    networks: Vec<(Vec<u8>, u64)>,
    /// The network, the name and `until`.
    known: Vec<(Vec<u8>, [u8; 8], u64)>,
}

impl Attempts {
    /// Returns the attempts as bytes, which contain their version.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = |network: &Network| network.as_bytes().to_vec();
        let failures = |own: &Failures| (bytes(&own.network), own.full_at.as_millis());
        let known = |known: &Known| (bytes(&known.network), known.name, known.until.as_millis());
        let record = Record {
            new_networks: self.new_networks.as_millis(),
            networks: self.networks.iter().map(failures).collect(),
            known: self.known.iter().map(known).collect(),
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
        let network = |bytes: Vec<u8>| Network::from_bytes(&bytes).ok_or_else(corrupt);
        let failures = |(bytes, full_at)| {
            Ok(Failures { network: network(bytes)?, full_at: Timestamp::from_millis(full_at) })
        };
        let known = |(bytes, name, until)| {
            Ok(Known { network: network(bytes)?, name, until: Timestamp::from_millis(until) })
        };
        if record.networks.len() > Self::MAX_NETWORKS || record.known.len() > Self::MAX_KNOWN {
            return Err(corrupt());
        }
        Ok(Self {
            new_networks: Timestamp::from_millis(record.new_networks),
            networks: record.networks.into_iter().map(failures).collect::<Result<_, _>>()?,
            known: record.known.into_iter().map(known).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::Duration;

    use super::*;
    use crate::config::Budget;
    use crate::throttle::{Account, Attempt, AttemptLimits};

    fn attempts() -> Attempts {
        let mut attempts = Attempts::default();
        let budget = Some(Budget::new(2, Duration::from_secs(60)));
        let limits = AttemptLimits::new(budget, budget, Duration::from_secs(3_600));
        for address in ["192.0.2.1", "2001:db8::1"] {
            let network = Network::of(address.parse::<IpAddr>().expect("an address"));
            let now = Timestamp::from_millis(1_700_000_000_001);
            let attempt = Attempt::new(Account::new(None, None, "ann"), network, limits, now);
            attempts.reserve(&attempt);
            attempts.give_back(&attempt, false, true);
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
            r#"{{"version":"1","new_networks":0,"networks":[{}],"known":[]}}"#,
            vec!["[[1,2,3,4],1]"; 49].join(",")
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
