//! Limits on attempts to sign in, for handlers.

use std::any::type_name;
use std::net::IpAddr;
use std::sync::Once;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::cross_site::check_unless_program;
use super::launch::abort_without_fairing;
use super::state::{RequestState, jwt_auth, record_account, reject};
use crate::cookies::Fetch;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::throttle::Network;

/// Limits attempts to sign in. This guard is for handlers of the app; the [session routes](crate::session_routes) already
/// have these limits.
///
/// The guard rejects requests of pages on other sites with 403 `cross_origin`, because they would use up the limits of their
/// visitors: with session cookies as [`SameOrigin`](crate::SameOrigin) does, and without them only what a browser sends
/// without asking the app first, such as a form. `GET`, `HEAD` and `OPTIONS` pass, so that an identity provider can redirect
/// to the app.
///
/// It then counts the request as an attempt from the network of the client. If there were too many, it rejects the request
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
    kind: Option<&'static str>,
}

impl Throttle<'_> {
    /// Limits the attempts on another kind of accounts, or on another secret, such as `"code"` for the second factor of a
    /// user. The same name has separate budgets for each kind.
    pub fn kind(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Checks credentials, unless there were too many failed attempts on the account. `account` is the name of the account, as
    /// the client sent it: there may be no such account.
    ///
    /// The attempt counts as a failure as soon as it begins, so concurrent attempts are limited like sequential ones. It is
    /// given back if `check` returns `Ok`, or any error other than
    /// [`InvalidCredentials`](AuthError::InvalidCredentials), such as that of a database that does not answer. After `Ok`,
    /// the network is known to the account.
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
        self.auth.engine().attempt(self.network, (self.kind, account), check).await
    }
}

#[async_trait]
impl<'r> FromRequest<'r> for Throttle<'r> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let throttle = jwt_auth(request).and_then(|auth| {
            // A page must not use up the budgets of its visitors.
            match auth.cookies() {
                Some(cookies) => check_unless_program(request, cookies)?,
                None if Fetch::of(request).is_uninvited() => return Err(AuthError::CrossOrigin),
                None => {}
            }
            let network = network(request, auth);
            // Once per request, which may be forwarded to another route.
            RequestState::of(request).admitted.get_or_init(|| auth.engine().admit(network)).clone()?;
            Ok(Self { request, auth, network, kind: None })
        });
        match throttle {
            Ok(throttle) => Outcome::Success(throttle),
            Err(error) => reject(request, error),
        }
    }
}

impl Sentinel for Throttle<'_> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_fairing(type_name::<Self>(), rocket)
    }
}

fn network(request: &Request<'_>, auth: &JwtAuth) -> Network {
    let limiter = &auth.engine().limiter;
    let remote = request.remote().map(|remote| remote.ip());
    let Some(header) = &request.rocket().config().ip_header else {
        return limiter.proxies.client(remote, []);
    };
    if let Some(remote) = remote
        && is_private(remote)
        && request.headers().contains(header.as_str())
        && !limiter.proxies.trusts(remote)
        && !limiter.is_off()
    {
        warn_of_proxy(remote, header.as_str());
    }
    limiter.proxies.client(remote, request.headers().get(header.as_str()))
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
