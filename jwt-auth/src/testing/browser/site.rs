//! Origins and sites.

use rocket::http::uri::{Absolute, Host};

/// Where a request comes from, as Fetch Metadata has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    SameOrigin,
    SameSite,
    CrossSite,
}

/// A scheme, a host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    text: String,
    pub(super) scheme: String,
    pub(super) host: String,
    authority: String,
}

impl Origin {
    pub(super) fn parse(text: &str) -> Self {
        let uri = Absolute::parse(text).unwrap_or_else(|_| panic!("{text:?} is not an origin"));
        let authority = uri.authority().unwrap_or_else(|| panic!("{text:?} is not an origin"));
        Self {
            text: text.to_owned(),
            scheme: uri.scheme().to_owned(),
            host: authority.host().to_owned(),
            authority: authority.to_string(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// Returns the value of the `Host` header.
    pub(super) fn to_host(&self) -> Host<'static> {
        Host::parse_owned(self.authority.clone()).expect("an origin has a host")
    }

    /// Returns how a page of this origin is related to another origin. A site is a scheme and the last two labels of the
    /// host, which suffices without a list of public suffixes.
    pub(super) fn relation_to(&self, other: &Self) -> Relation {
        let site = |host: &str| host.rsplit('.').take(2).map(str::to_owned).collect::<Vec<_>>();
        if self == other {
            Relation::SameOrigin
        } else if self.scheme == other.scheme && site(&self.host) == site(&other.host) {
            Relation::SameSite
        } else {
            Relation::CrossSite
        }
    }
}
