//! The network that an attempt comes from.

use std::fmt;
use std::net::IpAddr;

/// The network that an attempt comes from: one IPv4 address, or 64 bits of an IPv6 address, because a customer usually
/// gets that many addresses at least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network(Prefix);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Prefix {
    Unknown([u8; 1]),
    V4([u8; 4]),
    V6([u8; 8]),
}

impl Network {
    /// The network of all attempts whose origin is not known.
    pub const UNKNOWN: Self = Self(Prefix::Unknown([0]));

    /// Returns the network of an address. An IPv4 address in an IPv6 address (`::ffff:192.0.2.1`) is the same as the IPv4
    /// address.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => Prefix::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Prefix::V6([a, b, c, d, e, f, g, h])
            }
        })
    }

    /// Returns the network as bytes: 4 for IPv4, 8 for IPv6, and 1 for [`UNKNOWN`](Self::UNKNOWN).
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Prefix::Unknown(bytes) => bytes,
            Prefix::V4(bytes) => bytes,
            Prefix::V6(bytes) => bytes,
        }
    }

    /// Restores a network from its bytes. Returns `None` for bytes that are not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(match *bytes {
            [0] => Prefix::Unknown([0]),
            [a, b, c, d] => Prefix::V4([a, b, c, d]),
            [a, b, c, d, e, f, g, h] => Prefix::V6([a, b, c, d, e, f, g, h]),
            _ => return None,
        }))
    }
}

/// Does not show the address, which is personal data.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Prefix::Unknown(_) => "Network(unknown)",
            Prefix::V4(_) => "Network(IPv4)",
            Prefix::V6(_) => "Network(IPv6)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> Network {
        Network::of(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_one_customer_are_one_network() {
        for (one, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1"),
            ("2001:db8::1", "2001:db8::ffff:1"),
            ("2001:db8:0:1::", "2001:db8:0:1:ffff:ffff:ffff:ffff"),
        ] {
            assert_eq!(network(one), network(other), "{one} {other}");
        }
        let different =
            ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "::1", "0.0.0.0", "0.0.0.1"];
        let different: Vec<Network> = different.into_iter().map(network).chain([Network::UNKNOWN]).collect();
        for (i, one) in different.iter().enumerate() {
            assert_eq!(Network::from_bytes(one.as_bytes()), Some(*one));
            assert!(different[..i].iter().all(|other| one != other && one.as_bytes() != other.as_bytes()));
        }
    }

    #[test]
    fn other_bytes_are_no_network() {
        for bytes in [&[][..], &[1], &[0; 2], &[0; 3], &[0; 5], &[0; 9], &[0; 16]] {
            assert_eq!(Network::from_bytes(bytes), None, "{bytes:?}");
        }
    }
}
