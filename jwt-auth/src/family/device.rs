//! The device of a session, as its user sees it.

use std::convert::Infallible;
use std::net::IpAddr;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

/// The maximum length of a user agent in bytes. Browsers send about 120.
const LONGEST_USER_AGENT: usize = 256;

/// The maximum length of a label in bytes: as much as fits in a list.
const LONGEST_LABEL: usize = 64;

/// The device of a session, by which users recognize the session in a list.
///
/// As a request guard, it contains the `User-Agent` of the request and never fails. The app can add a label and an
/// address:
///
/// ```
/// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { id: u64 }
/// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
/// use std::net::IpAddr;
///
/// use jwt_auth::Device;
///
/// #[rocket::post("/login?<label>")]
/// async fn login(
///     label: Option<&str>,
///     ip: Option<IpAddr>,
///     device: Device,
///     auth: &JwtAuth,
/// ) -> Result<TokenPair, AuthError> {
///     let user = User { id: 5 };
///     auth.generate_tokens(&user).device(device.with_label(label).with_ip(ip)).await
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Device {
    pub(crate) user_agent: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) ip: Option<IpAddr>,
}

impl Device {
    /// Creates a device with this user agent. Keeps the first 256 bytes, without control characters.
    pub fn new(user_agent: &str) -> Self {
        Self { user_agent: printable(user_agent, LONGEST_USER_AGENT), ..Self::default() }
    }

    /// Sets a name that means something to the user, such as `Anna's phone`. Keeps the first 64 bytes, without control
    /// characters.
    pub fn with_label<'a>(mut self, label: impl Into<Option<&'a str>>) -> Self {
        self.label = label.into().and_then(|label| printable(label, LONGEST_LABEL));
        self
    }

    /// Sets the IP address of the login.
    ///
    /// The `Device` guard does not set it, because it is personal data. Rocket's guard `Option<IpAddr>` provides it. By
    /// default, Rocket trusts the `X-Real-IP` header of any client, so set Rocket's `ip_header` to the header that your
    /// proxy overwrites, or to `false` if there is no proxy.
    pub fn with_ip(mut self, ip: impl Into<Option<IpAddr>>) -> Self {
        self.ip = ip.into().map(|ip| ip.to_canonical());
        self
    }

    /// Returns the user agent.
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// Returns the name that the app set.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Returns the IP address of the login.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }
}

/// Removes control characters and truncates the text at a character boundary. Returns `None` if nothing is left.
fn printable(text: &str, longest: usize) -> Option<String> {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    let cut =
        printable.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= longest).last();
    cut.map(|end| printable[..end].to_owned())
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Device {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        Outcome::Success(request.headers().get_one("User-Agent").map(Self::new).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_truncated_at_character_boundaries() {
        let long = "é".repeat(200);
        let device = Device::new(&long).with_label(&*format!("a{long}"));
        assert_eq!(device.user_agent(), Some(&*"é".repeat(128)));
        assert_eq!(device.label(), Some(&*format!("a{}", "é".repeat(31))));
    }

    #[test]
    fn control_characters_do_not_reach_the_store() {
        let device = Device::new("curl\r\n/8\0").with_label("Anna's\u{85} \u{1b}[31mphone\n");
        assert_eq!(device.user_agent(), Some("curl/8"));
        assert_eq!(device.label(), Some("Anna's [31mphone"));
        for empty in ["", "\0\r\n"] {
            assert_eq!(Device::new(empty).with_label(empty), Device::default());
        }
    }

    #[test]
    fn an_address_is_stored_in_its_canonical_form() {
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
        let plain: IpAddr = "192.0.2.1".parse().unwrap();
        assert_eq!(Device::default().with_ip(mapped).ip(), Some(plain));
    }
}
