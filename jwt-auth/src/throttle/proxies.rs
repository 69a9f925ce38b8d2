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
    /// last proxy, like `X-Forwarded-For`. Only what a trusted proxy says counts.
    pub(crate) fn client<'h>(
        &self,
        remote: Option<IpAddr>,
        forwarded: impl IntoIterator<Item = &'h str>,
    ) -> Network {
        let Some(mut address) = remote else { return Network::UNKNOWN };
        let named: Vec<&str> = match self.trusts(address) {
            true => forwarded.into_iter().flat_map(|line| line.split(',')).collect(),
            false => Vec::new(),
        };
        for name in named.into_iter().rev() {
            match parse(name.trim()) {
                Some(named) if self.trusts(address) => address = named,
                _ => break,
            }
        }
        Network::of(address)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Parses an address. Some proxies add the port.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
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
            ("10.0.0.1", &[], "10.0.0.1"),
            // The client itself sent the first addresses.
            ("10.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["1.1.1.1, 10.9.9.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &["198.51.100.7:1234"], "198.51.100.7"),
            ("10.0.0.1", &["[2001:db9::7]:1234"], "2001:db9::7"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["198.51.100.7, unknown"], "10.0.0.1"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7,"], "10.0.0.1"),
        ] {
            let client = proxies.client(Some(ip(remote)), header.iter().copied());
            assert!(client == Network::of(ip(expected)), "{remote} {header:?}");
        }
        assert_eq!(proxies.client(None, ["198.51.100.7"]), Network::UNKNOWN);
    }
}
