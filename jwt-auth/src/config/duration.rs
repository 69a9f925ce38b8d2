//! Durations in the settings.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::table::Entry;

pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest duration that is accepted. More than ten years is most likely a mistake in the unit.
pub(crate) const LONGEST: Duration = Duration::from_secs(3_650 * 24 * 60 * 60);

pub(super) fn lifetime(entry: &Entry) -> Result<Duration, String> {
    duration(entry, Duration::from_secs(1)..=LONGEST)
}

/// Parses a duration in a range, or zero.
pub(super) fn duration_or_zero(entry: &Entry, range: RangeInclusive<Duration>) -> Result<Duration, String> {
    match duration(entry, Duration::ZERO..=*range.end())? {
        some if !some.is_zero() && some < *range.start() => {
            Err(format!("must be \"0s\", or at least {}", spoken(*range.start())))
        }
        duration => Ok(duration),
    }
}

pub(super) fn duration(entry: &Entry, range: RangeInclusive<Duration>) -> Result<Duration, String> {
    let duration = entry
        .value
        .as_str()
        .and_then(|text| humantime::parse_duration(text).ok())
        .ok_or("must be a duration: a number with a unit, such as ms, s, m, h or d")?;
    if range.contains(&duration) {
        Ok(duration)
    } else {
        Err(format!("must be from {} to {}", spoken(*range.start()), spoken(*range.end())))
    }
}

/// Returns a duration as a person says it, such as `10 years`, if it is a whole number of some unit.
pub(crate) fn spoken(duration: Duration) -> String {
    const UNITS: [(&str, u128); 6] = [
        ("year", 365 * 24 * 60 * 60 * 1000),
        ("day", 24 * 60 * 60 * 1000),
        ("hour", 60 * 60 * 1000),
        ("minute", 60 * 1000),
        ("second", 1000),
        ("millisecond", 1),
    ];

    let length = duration.as_millis();
    if length == 0 {
        return "0 seconds".to_owned();
    }
    let (unit, size) = UNITS.into_iter().find(|(_, size)| length.is_multiple_of(*size)).unwrap_or(UNITS[5]);
    match length / size {
        1 => format!("1 {unit}"),
        many => format!("{many} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words() {
        for (duration, expected) in [
            (Duration::ZERO, "0 seconds"),
            (Duration::from_millis(100), "100 milliseconds"),
            (Duration::from_secs(1), "1 second"),
            (5 * MINUTE, "5 minutes"),
            (Duration::from_secs(899), "899 seconds"),
            (HOUR, "1 hour"),
            (14 * DAY, "14 days"),
            (LONGEST, "10 years"),
        ] {
            assert_eq!(spoken(duration), expected);
        }
    }
}
