//! The address of the client behind proxies.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use super::network::Network;

/// The proxies whose header names the client.
pub(crate) struct Proxies(Vec<IpNet>);

impl Proxies {
    pub(crate) fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Returns the network of the client. `remote` is the address of the connection. `forwarded` is the header in which
    /// each proxy names the address that it got the request from: one address, or a list whose last address is from the
    /// last proxy, like `X-Forwarded-For`. Only addresses that a trusted proxy reports count. If
    /// it reports none, the client is unknown.
    pub(crate) fn client<'h>(
        &self,
        remote: Option<IpAddr>,
        forwarded: impl IntoIterator<Item = &'h str>,
    ) -> Network {
        let Some(mut address) = remote else { return Network::UNKNOWN };
        if !self.trusts(address) {
            return Network::of(address);
        }
        let named: Vec<&str> = forwarded.into_iter().flat_map(|line| line.split(',')).collect();
        for name in named.into_iter().rev() {
            let Some(named) = parse(name.trim()) else { return Network::UNKNOWN };
            address = named;
            if !self.trusts(address) {
                return Network::of(address);
            }
        }
        // The client is in a network of proxies, or no proxy has named it.
        if remote == Some(address) { Network::UNKNOWN } else { Network::of(address) }
    }

    /// Returns whether an address is that of a proxy.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Parses an address. Some proxies add the port.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn only_a_trusted_proxy_names_the_client() {
        let networks = ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32"];
        let proxies = Proxies::new(networks.map(|network| network.parse().expect("a network")).to_vec());
        for (remote, header, expected) in [
            ("192.0.2.1", &["198.51.100.7"][..], "192.0.2.1"),
            ("192.0.2.1", &[], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("2001:db8::1", &["2001:db9::7"], "2001:db9::7"),
            // The client itself sent the first addresses.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["1.1.1.1, 10.9.9.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &["198.51.100.7:1234"], "198.51.100.7"),
            ("10.0.0.1", &["[2001:db9::7]:1234"], "2001:db9::7"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["[2001:db9::7]"], "2001:db9::7"),
        ] {
            let client = proxies.client(Some(ip(remote)), header.iter().copied());
            assert!(client == Network::of(ip(expected)), "{remote} {header:?}");
        }
        assert_eq!(proxies.client(None, ["198.51.100.7"]), Network::UNKNOWN);
        for header in [&[][..], &[""], &["198.51.100.7,"], &["198.51.100.7, unknown"], &["[2001:db9::7"]] {
            let client = proxies.client(Some(ip("10.0.0.1")), header.iter().copied());
            assert_eq!(client, Network::UNKNOWN, "{header:?}");
        }
    }
}
