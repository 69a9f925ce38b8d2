//! Limits on attempts to sign in, for handlers.

use std::net::IpAddr;
use std::sync::Once;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::launch::abort_without_fairing;
use super::state::{RequestState, jwt_auth, record_account, reject};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::throttle::Network;

/// Limits attempts to sign in, in a handler of the app. The [session routes](crate::session_routes) do the same on their own.
///
/// The guard counts the request as an attempt from the network of the client. If there were too many, it rejects the request
/// with 429 `too_many_attempts` before the body is read. [`attempt`](Self::attempt) then limits the failed attempts on the
/// account. The [guide](crate::guide::throttling) explains the limits.
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// use jwt_auth::{AuthError, Claims, Credentials, JwtAuth, Throttle, TokenPair, public};
/// use rocket::post;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)] struct User { #[claims(subject)] id: u64 }
/// # #[derive(Deserialize)] struct Login { username: String, password: String }
/// # async fn check(login: &Login) -> Result<User, AuthError> { Err(AuthError::InvalidCredentials) }
///
/// #[public]
/// #[post("/login", data = "<login>")]
/// async fn login(
///     throttle: Throttle<'_>,
///     login: Credentials<Login>,
///     auth: &JwtAuth,
/// ) -> Result<TokenPair, AuthError> {
///     let user = throttle.attempt(&login.username, check(&login)).await?;
///     auth.generate_tokens(&user).await
/// }
/// # }
/// ```
#[must_use = "the attempts on an account are limited only by `attempt`"]
pub struct Throttle<'r> {
    request: &'r Request<'r>,
    auth: &'r JwtAuth,
    network: Network,
}

impl Throttle<'_> {
    /// Checks credentials, unless there were too many failed attempts on the account. `account` is the name of the account, as
    /// the client sent it: there may be no such account. If several kinds of accounts have the same names, add the kind:
    /// `"device 5"`.
    ///
    /// The attempt counts as failed from its beginning, so many attempts at once are as limited as one after the other. It is
    /// given back if `check` returns `Ok`, and the network is then known to the account, or if `check` returns another error
    /// than [`AuthError::InvalidCredentials`], such as a database that does not answer.
    ///
    /// # Errors
    ///
    /// - [`TooManyAttempts`](AuthError::TooManyAttempts), 429: `check` did not run.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer, and `check` did not
    ///   run.
    /// - Those of `check`.
    pub async fn attempt<T>(
        &self,
        account: &str,
        check: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        record_account(self.request, account);
        self.auth.engine().attempt(self.network, account, check).await
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Throttle<'r> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let throttle = jwt_auth(request).and_then(|auth| {
            let network = network(request, auth);
            // Once per request, which may be forwarded to another route.
            RequestState::of(request).admitted.get_or_init(|| auth.engine().admit(network)).clone()?;
            Ok(Self { request, auth, network })
        });
        match throttle {
            Ok(throttle) => Outcome::Success(throttle),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for Throttle<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing::<Self>(rocket)
    }
}

fn network(request: &Request<'_>, auth: &JwtAuth) -> Network {
    let remote = request.remote().map(|remote| remote.ip());
    let Some(header) = &request.rocket().config().ip_header else {
        return auth.engine().network(remote, []);
    };
    let network = auth.engine().network(remote, request.headers().get(header.as_str()));
    if let Some(remote) = remote
        && is_private(remote)
        && network == Network::of(remote)
        && request.headers().contains(header.as_str())
    {
        warn_of_proxy(remote, header.as_str());
    }
    network
}

/// Returns whether a proxy may have this address.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_private() || address.is_loopback(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_loopback(),
    }
}

/// Logs once that all clients behind a proxy are limited together.
fn warn_of_proxy(proxy: IpAddr, header: &str) {
    static LOGGED: Once = Once::new();
    LOGGED.call_once(|| {
        log::warn!(
            "jwt-auth: a request from {proxy} names its client in `{header}`, but {proxy} is not in `proxies`, so all \
             clients behind it share the limits on attempts to sign in. If it is your proxy, set \
             `proxies = [\"{proxy}\"]` in [default.jwt_auth.throttle]"
        );
    });
}
