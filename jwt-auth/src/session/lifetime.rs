//! Lifetimes that an app sets for a single session or token.

use std::time::Duration;

use crate::config::{LONGEST_LIFETIME, SessionSettings, spoken};
use crate::error::AuthError;

/// A lifetime: a [`Duration`], or text with units, such as `"90d"` or `"1h 30m"`.
///
/// It is from one second to ten years long. A fraction of a second is dropped. The builder that takes it reports a value
/// that is not valid when it is awaited, as an [`Internal`](AuthError::Internal) error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime(Result<Duration, String>);

impl Lifetime {
    /// Returns the duration in whole seconds.
    ///
    /// # Errors
    ///
    /// The value is not valid. `name` is the option that has it.
    pub(crate) fn get(self, name: &str) -> Result<Duration, AuthError> {
        let duration = self.0.map_err(|text| {
            AuthError::internal(format!(
                "`{name}` is {text:?}, which is not a duration: write a number with a unit, such as \"90d\""
            ))
        })?;
        let seconds = Duration::from_secs(duration.as_secs());
        match seconds.is_zero() || duration > LONGEST_LIFETIME {
            true => Err(AuthError::internal(format!("`{name}` must be from 1 second to 10 years"))),
            false => Ok(seconds),
        }
    }
}

impl From<Duration> for Lifetime {
    fn from(duration: Duration) -> Self {
        Self(Ok(duration))
    }
}

impl From<&str> for Lifetime {
    fn from(text: &str) -> Self {
        Self(humantime::parse_duration(text).map_err(|_| text.to_owned()))
    }
}

/// The lifetimes that a login sets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifetimes {
    pub(crate) idle: Option<Lifetime>,
    pub(crate) absolute: Option<Lifetime>,
}

/// The lifetimes of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionLifetimes {
    /// How long it lives without a refresh, if the login has set that.
    pub(crate) own_idle: Option<Duration>,
    /// How long it lives without a refresh.
    pub(crate) idle: Duration,
    /// How long it lives, however often it is refreshed.
    pub(crate) absolute: Duration,
}

impl Lifetimes {
    pub(crate) fn is_empty(&self) -> bool {
        self.idle.is_none() && self.absolute.is_none()
    }

    /// Returns the lifetimes of the session. The settings apply where the login says nothing.
    ///
    /// # Errors
    ///
    /// A lifetime is not valid, or the idle time is longer than the session.
    pub(crate) fn resolve(self, settings: &SessionSettings) -> Result<SessionLifetimes, AuthError> {
        let own_idle = self.idle.map(|idle| idle.get("idle")).transpose()?;
        let own_absolute = self.absolute.map(|absolute| absolute.get("absolute")).transpose()?;
        let absolute = own_absolute.unwrap_or(settings.session_ttl);
        let idle = own_idle.unwrap_or(settings.refresh_ttl.min(absolute));
        match idle <= absolute {
            true => Ok(SessionLifetimes { own_idle, idle, absolute }),
            false => {
                let which = if own_absolute.is_some() { "absolute" } else { "session_ttl" };
                let [idle, absolute] = [idle, absolute].map(spoken);
                Err(AuthError::internal(format!(
                    "`idle` is {idle}, longer than `{which}`, which is {absolute}: the session would end earlier. Set a \
                     longer `absolute`, or a shorter `idle`"
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn resolve(idle: Option<&str>, absolute: Option<&str>) -> Result<SessionLifetimes, String> {
        let settings = SessionSettings {
            refresh_ttl: 14 * DAY,
            session_ttl: 90 * DAY,
            reuse_grace: Duration::ZERO,
            max_sessions: 1,
        };
        let lifetimes = Lifetimes { idle: idle.map(Into::into), absolute: absolute.map(Into::into) };
        lifetimes.resolve(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn the_settings_apply_where_the_login_says_nothing() {
        let days = |own: Option<u32>, idle: u32, absolute: u32| {
            Ok(SessionLifetimes {
                own_idle: own.map(|own| own * DAY),
                idle: idle * DAY,
                absolute: absolute * DAY,
            })
        };
        for (idle, absolute, expected) in [
            (None, None, days(None, 14, 90)),
            (Some("1d"), None, days(Some(1), 1, 90)),
            (Some("30d"), None, days(Some(30), 30, 90)),
            (None, Some("10d"), days(None, 10, 10)),
            (None, Some("365d"), days(None, 14, 365)),
            (Some("100d"), Some("200d"), days(Some(100), 100, 200)),
            (Some("5d"), Some("5d"), days(Some(5), 5, 5)),
        ] {
            assert_eq!(resolve(idle, absolute), expected, "{idle:?}, {absolute:?}");
        }
    }

    #[test]
    fn invalid_and_contradictory_lifetimes_are_errors() {
        for (idle, absolute, expected) in [
            (Some("soon"), None, "`idle` is \"soon\", which is not a duration"),
            (None, Some("12"), "`absolute` is \"12\", which is not a duration"),
            (Some("0s"), None, "`idle` must be from 1 second to 10 years"),
            (Some("999ms"), None, "`idle` must be from 1 second to 10 years"),
            (None, Some("4000d"), "`absolute` must be from 1 second to 10 years"),
            (Some("2h"), Some("1h"), "`idle` is 2 hours, longer than `absolute`, which is 1 hour"),
            (Some("91d"), None, "`idle` is 91 days, longer than `session_ttl`, which is 90 days"),
        ] {
            let error = resolve(idle, absolute).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        let longest = Lifetime::from(Duration::MAX).get("ttl").unwrap_err().to_string();
        assert_eq!(longest, "`ttl` must be from 1 second to 10 years");
        assert_eq!(Lifetime::from(Duration::from_millis(1_900)).get("ttl").unwrap(), Duration::from_secs(1));
    }
}
