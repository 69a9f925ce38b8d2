//! The request that an event is about.

use std::fmt;
use std::net::IpAddr;

use rocket::http::Method;
use rocket::{Request, Route};

/// The request that an event is about.
#[derive(Clone, Copy)]
pub struct EventRequest<'a> {
    method: Method,
    path: &'a str,
    route: Option<&'a Route>,
    client_ip: Option<IpAddr>,
}

impl<'a> EventRequest<'a> {
    pub(crate) fn of(request: &'a Request<'_>) -> Self {
        Self {
            method: request.method(),
            path: request.uri().path().as_str(),
            route: request.route(),
            client_ip: request.client_ip(),
        }
    }

    /// Returns the method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Returns the path, as the client sent it. It may contain personal data or a secret, such as a link to reset a password.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Returns the route, such as `GET /users/<id>`. It is suitable as a label, because it contains nothing from the
    /// client. Returns `None` if no route matched.
    pub fn route(&self) -> Option<String> {
        self.route.map(|route| format!("{} {}", route.method, route.uri))
    }

    /// Returns the IP address of the client. By default, Rocket trusts the `X-Real-IP` header of any client: see
    /// [`Device::with_ip`](crate::Device::with_ip).
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.client_ip
    }
}

/// Shows neither the path nor the IP address.
impl fmt::Debug for EventRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRequest").field("route", &self.route()).finish_non_exhaustive()
    }
}
