//! What a session shows of the device that it is on.

use std::convert::Infallible;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

/// More of a user agent is not kept. Browsers send about 120.
const MAX_LENGTH: usize = 256;

/// What a user may want to see of a device, so as to know it in the list of sessions.
///
/// As a request guard it holds the `User-Agent` of the request, and never fails:
///
/// ```
/// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct User { id: u64 }
/// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
/// use jwt_auth::Device;
///
/// #[rocket::post("/login")]
/// async fn login(device: Device, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
///     let user = User { id: 5 };
///     auth.generate_tokens(&user).device(device).await
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    user_agent: Option<String>,
}

impl Device {
    /// The `User-Agent` header: its first 256 bytes, without control characters.
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    pub(super) fn into_user_agent(self) -> Option<String> {
        self.user_agent
    }

    /// A device with this user agent.
    pub fn new(user_agent: &str) -> Self {
        let printable: String = user_agent.chars().filter(|c| !c.is_control()).collect();
        let cut = printable
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .take_while(|end| *end <= MAX_LENGTH)
            .last();
        let user_agent = cut.map(|end| printable[..end].to_owned());
        Self { user_agent }
    }
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
    fn a_long_user_agent_is_cut_between_characters() {
        let long = "é".repeat(200);
        let kept = Device::new(&long).user_agent.unwrap();
        assert_eq!(kept, "é".repeat(128));
    }

    #[test]
    fn control_characters_do_not_reach_the_store() {
        assert_eq!(Device::new("curl\r\n/8\0").user_agent.as_deref(), Some("curl/8"));
        assert_eq!(Device::new("").user_agent, None);
    }
}
