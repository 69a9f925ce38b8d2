//! Responses that outlive the access token of their request: WebSockets, event streams and long downloads.

use rocket::futures::{Stream, StreamExt};

use super::JwtAuth;
use crate::auth::Auth;
use crate::claims::Claims;

impl JwtAuth {
    /// Returns a future that resolves when the session of an access token ends, in any process. Use it to close a
    /// WebSocket, whose handshake is authenticated like any other request.
    ///
    /// | event | the future |
    /// |---|---|
    /// | the session ends by a logout, a revocation or a reused refresh token | resolves as soon as this process receives the revocation |
    /// | the token is [revoked](Self::revoke_access_token), or all tokens of its subject are | resolves as soon as this process receives the revocation |
    /// | the token of a session expires | asks the store, and continues to wait while the session is alive, because the client may have refreshed it on another connection |
    /// | a token that belongs to no session, or that a trusted issuer issued, expires | resolves |
    /// | the store does not answer when it is asked | asks again every second, and resolves after `access_ttl` |
    /// | the feed of revocations is stale, and `when_stale` is `"refuse"` | resolves, because requests are rejected, too |
    ///
    /// With `revocation = "off"`, or with a custom shared store that has no feed, a session that ends in another
    /// process is noticed only when the store is asked.
    ///
    /// A client that does not read can keep a WebSocket from closing, so close it with a timeout.
    ///
    /// ```
    /// # use jwt_auth::{Auth, Claims, JwtAuth};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { name: String }
    /// # impl Claims for User { fn subject(&self) -> String { self.name.clone() } }
    /// use rocket::tokio::{select, spawn, time};
    ///
    /// /// Works for a user until the work is done or the session ends.
    /// fn work_for(user: &Auth<User>, auth: &JwtAuth) {
    ///     let ended = auth.ended(user);
    ///     spawn(async move {
    ///         select! {
    ///             () = time::sleep(time::Duration::from_secs(60)) => {}
    ///             () = ended => {}
    ///         }
    ///     });
    /// }
    /// ```
    pub fn ended<C: Claims>(&self, auth: &Auth<C>) -> impl Future<Output = ()> + Send + 'static + use<C> {
        self.engine().ended(&auth.to_any())
    }

    /// Returns a stream that ends when the session of an access token ends, for an `EventStream` or a `ByteStream`. See
    /// [`ended`](Self::ended) for when that is.
    ///
    /// A browser's `EventSource` reconnects when its stream ends. It then gets a 401, and gives up.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] mod app {
    /// # use jwt_auth::{Auth, Claims, JwtAuth, require_auth};
    /// # #[derive(Claims, serde::Serialize, serde::Deserialize)]
    /// # struct User { #[claims(subject)] id: u64 }
    /// use rocket::futures::{Stream, stream};
    /// use rocket::response::stream::{Event, EventStream};
    ///
    /// #[require_auth]
    /// #[rocket::get("/events")]
    /// fn events(user: Auth<User>, auth: &JwtAuth) -> EventStream<impl Stream<Item = Event> + use<>> {
    ///     EventStream::from(auth.while_valid(&user, stream::repeat_with(|| Event::data("tick"))))
    /// }
    /// # }
    /// ```
    pub fn while_valid<C: Claims, S: Stream>(
        &self,
        auth: &Auth<C>,
        stream: S,
    ) -> impl Stream<Item = S::Item> + use<C, S> {
        stream.take_until(Box::pin(self.ended(auth)))
    }
}
