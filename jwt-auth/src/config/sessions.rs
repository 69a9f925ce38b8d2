//! The session settings.

use std::time::Duration;

use super::duration::{self, DAY, HOUR, MINUTE, spoken};
use super::table::Table;
use super::value::{self, FastapiFramework};
use crate::error::StartupError;

/// How long sessions live, and how many a user can have.
#[derive(Clone, Copy)]
pub(crate) struct SessionSettings {
    pub(crate) refresh_ttl: Duration,
    pub(crate) session_ttl: Duration,
    pub(crate) reuse_grace: Duration,
    pub(crate) max_sessions: usize,
}

impl SessionSettings {
    pub(super) fn take(
        table: &mut Table,
        fastapi_framework: Option<FastapiFramework>,
        access_ttl: Duration,
    ) -> Result<Self, StartupError> {
        let refresh_ttl =
            table.take("refresh_ttl", "\"14d\"", duration::lifetime)?.unwrap_or(match fastapi_framework {
                // A user who stays away for two weeks has to sign in again.
                None => 14 * DAY,
                // The default of the other service.
                Some(_) => 6 * HOUR,
            });
        // An access token that outlived its session would escape a logout everywhere.
        if refresh_ttl < access_ttl {
            let [idle, longer] = [refresh_ttl, access_ttl].map(spoken);
            let problem = format!(
                "is {idle}, shorter than `access_ttl`, which is {longer}: access tokens would outlive their sessions"
            );
            return Err(StartupError::setting(
                "refresh_ttl",
                problem,
                &format!("refresh_ttl = \"{}\"", humantime::format_duration(access_ttl)),
            ));
        }
        // Three months: a stolen session must not live forever, however often it is used. If this is not set, a longer
        // `refresh_ttl` extends it.
        let session_ttl = table
            .take("session_ttl", "\"90d\"", |v| duration::duration(v, refresh_ttl..=duration::LONGEST))?
            .unwrap_or((90 * DAY).max(refresh_ttl));
        // The time that Okta and SuperTokens give a client to retry after a lost response.
        let reuse_grace = table
            .take("reuse_grace", "\"30s\"", |v| duration::duration(v, Duration::ZERO..=5 * MINUTE))?
            .unwrap_or(Duration::from_secs(30));
        // More devices than a person has, but few enough that a login loop does not fill the memory.
        let max_sessions = table.take("max_sessions", "100", |v| value::count(v, 1..=10_000))?.unwrap_or(100);
        Ok(Self { refresh_ttl, session_ttl, reuse_grace, max_sessions })
    }
}
