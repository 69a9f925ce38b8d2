//! Requests, of browsers and of attackers.

use rocket::http::Method;

/// The values of a header, which may be absent or repeated.
pub(super) type Field = &'static [&'static str];

/// A request as it arrives.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) method: Method,
    pub(super) site: Field,
    pub(super) origin: Field,
    pub(super) host: Option<&'static str>,
    pub(super) upgrade: Option<&'static str>,
    /// The content type and the content.
    pub(super) body: Option<(&'static str, &'static str)>,
}

/// Returns requests by all methods, and those that are unusual in one more respect, with combinations of both headers.
pub(super) fn arrivals() -> Vec<Arrival> {
    let host = Some("app.example.com");
    let usual = |method| Arrival { method, site: &[], origin: &[], host, upgrade: None, body: None };
    let [get, post] = [Method::Get, Method::Post].map(usual);
    let common = (&SITES[..5], &ORIGINS[..6]);

    let mut arrivals = with_headers([get.clone(), post.clone()], &SITES, &ORIGINS);
    arrivals.extend(with_headers(HOSTS.map(|host| Arrival { host, ..post.clone() }), common.0, &ORIGINS));
    arrivals.extend(with_headers(OTHER_METHODS.map(usual), common.0, common.1));
    for one in [get, post] {
        let upgrades = UPGRADES.map(|name| Arrival { upgrade: Some(name), ..one.clone() });
        let bodies = BODIES.map(|body| Arrival { body: Some(body), ..one.clone() });
        arrivals.extend(with_headers(upgrades, common.0, common.1));
        arrivals.extend(with_headers(bodies, common.0, common.1));
    }
    arrivals
}

/// Combines requests with all values of both headers.
fn with_headers<const N: usize>(requests: [Arrival; N], sites: &[Field], origins: &[Field]) -> Vec<Arrival> {
    let mut combined = Vec::new();
    for request in requests {
        for site in sites {
            combined.extend(origins.iter().map(|origin| Arrival { site, origin, ..request.clone() }));
        }
    }
    combined
}

impl Arrival {
    pub(super) fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers: Vec<_> = self.site.iter().map(|value| ("Sec-Fetch-Site", *value)).collect();
        headers.extend(self.origin.iter().map(|value| ("Origin", *value)));
        headers.extend(self.upgrade.map(|value| ("Upgrade", value)));
        headers.extend(self.body.map(|(kind, _)| ("Content-Type", kind)));
        headers
    }
}

pub(super) const CROSS_SITE: Field = &["cross-site"];
pub(super) const NULL: Field = &["null"];
pub(super) const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
pub(super) const TRUSTED: &str = "https://www.example.com";

pub(super) const OTHER_METHODS: [Method; 7] = [
    Method::Head,
    Method::Options,
    Method::Put,
    Method::Patch,
    Method::Delete,
    Method::Trace,
    Method::Connect,
];

/// The values of browsers come first.
const SITES: [Field; 11] = [
    &[],
    &["same-origin"],
    &["none"],
    &["same-site"],
    CROSS_SITE,
    &[""],
    &["Same-Origin"],
    &["same-origin, same-origin"],
    &["same-origin", "same-origin"],
    &["same-origin", "cross-site"],
    &["cross-site", "none"],
];

/// The common ones come first.
const ORIGINS: [Field; 23] = [
    &[],
    &["https://app.example.com"],
    &[TRUSTED],
    &["https://evil.example"],
    NULL,
    &[""],
    &["http://app.example.com"],
    &["HTTPS://app.example.com"],
    &["https://APP.example.com"],
    &["https://app.example.com/"],
    &["https://app.example.com:443"],
    &["https://app.example.com:8443"],
    &["https://ann@app.example.com"],
    &["https://app.example.com.evil.example"],
    &["https://evil.example/https://app.example.com"],
    &["https://app.example.com, https://evil.example"],
    &["https://www.example.com/"],
    &["http://www.example.com"],
    &["app.example.com"],
    &["https://app.example.com", "https://app.example.com"],
    &["https://app.example.com", "https://evil.example"],
    &["https://evil.example", "https://app.example.com"],
    &[TRUSTED, "https://evil.example"],
];

const HOSTS: [Option<&str>; 6] = [
    None,
    Some("APP.example.com"),
    Some("app.example.com:443"),
    Some("app.example.com:8443"),
    Some("app.example.com:80"),
    Some("evil.example"),
];

const UPGRADES: [&str; 4] = ["websocket", "h2c, WebSocket", "h2c", ""];

const BODIES: [(&str, &str); 6] = [
    (FORMS[0], "a=b"),
    (FORMS[0], "_method=get"),
    (FORMS[0], "_method=delete"),
    (FORMS[1], ""),
    ("text/plain", "_method=get"),
    ("application/json", "{}"),
];
