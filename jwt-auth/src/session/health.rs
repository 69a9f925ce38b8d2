//! The health of what an app depends on.

use std::time::Duration;

use rocket::Request;
use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::serde::json::Json;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use super::Sessions;
use crate::keyring::Keyring;

/// The health of what an app depends on, for a load balancer or an orchestrator. [`JwtAuth::health`](crate::JwtAuth::health)
/// returns it.
///
/// As a response, it is JSON such as `{"keys": "ok", "store": "ok", "feed": "ok"}`, with the status 200 if the app
/// [is healthy](Self::is_healthy), and otherwise 503. It reveals nothing else, so the route may be public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Health {
    /// The keys: those that sign, if the app has any, and those of every trusted issuer.
    pub keys: Condition,
    /// The session store.
    pub store: Condition,
    /// The feed of revocations by other processes.
    pub feed: Condition,
    /// Whether requests are rejected while the feed is stale.
    #[serde(skip)]
    refuses_when_stale: bool,
}

/// The condition of something that an app depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// It works.
    Ok,
    /// It does not work: keys are missing, or the store does not answer.
    Unavailable,
    /// It has not been up to date for as long as the setting `stale_after`.
    Stale,
    /// The app does not have it. There is no feed with the store in memory, or with `revocation = "off"`.
    Off,
}

/// When the store was last asked for a health check, and whether it answered.
pub(crate) type Probe = Mutex<Option<(Instant, bool)>>;

impl Health {
    /// Returns whether the app can serve requests. With `when_stale = "continue"`, it can while the feed is stale.
    pub fn is_healthy(&self) -> bool {
        self.keys == Condition::Ok
            && self.store == Condition::Ok
            && (self.feed != Condition::Stale || !self.refuses_when_stale)
    }
}

impl Sessions {
    /// Asks the store, and looks at the keys and at the feed.
    pub(crate) async fn health(&self, keyring: &Keyring) -> Health {
        let condition = |works| if works { Condition::Ok } else { Condition::Unavailable };
        Health {
            keys: condition(keyring.is_complete()),
            store: condition(self.store_answers().await),
            feed: match (self.revocations.has_feed(), self.revocations.is_stale()) {
                (false, _) => Condition::Off,
                (true, true) => Condition::Stale,
                (true, false) => Condition::Ok,
            },
            refuses_when_stale: self.revocations.may_refuse(),
        }
    }

    /// Returns whether the store answers. Anyone may call a health check, so the store is asked once per second at most.
    async fn store_answers(&self) -> bool {
        let mut last = self.probe.lock().await;
        if let Some((asked_at, answers)) = *last
            && asked_at.elapsed() < Duration::from_secs(1)
        {
            return answers;
        }
        let owner = self.signer.owner(None, "");
        let answers = self.store.call("find", |store| store.find(&owner, Uuid::nil())).await.is_ok();
        *last = Some((Instant::now(), answers));
        answers
    }
}

impl<'r> Responder<'r, 'static> for Health {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let status = if self.is_healthy() { Status::Ok } else { Status::ServiceUnavailable };
        Response::build_from(Json(self).respond_to(request)?)
            .status(status)
            .header(Header::new("Cache-Control", "no-store"))
            .ok()
    }
}
