//! The settings of the throttle: the table `[default.jwt_auth.throttle]`.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::duration::{self, DAY, HOUR, MINUTE};
use super::table::{Entry, Table};
use super::value;
use crate::clock::millis;
use crate::error::StartupError;

/// How many attempts to sign in are permitted, and which proxies are trusted to say where they come from.
#[derive(Clone, Debug)]
pub(crate) struct ThrottleSettings {
    /// All attempts from one network.
    pub(crate) network: Option<Budget>,
    /// Failed attempts on an account from one network.
    pub(crate) account: Option<Budget>,
    /// Failed attempts on an account from all networks that are new to it.
    pub(crate) new_networks: Option<Budget>,
    /// How long a network is known to an account after a sign-in.
    pub(crate) remember: Duration,
    /// The proxies whose header names the client.
    pub(crate) proxies: Vec<IpNet>,
}

/// The number of attempts permitted in a burst, and the time in which a used-up budget refills evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    attempts: u32,
    per: Duration,
}

impl Budget {
    /// Creates a budget. It has at least one attempt, and takes at least one millisecond per attempt.
    pub const fn new(attempts: u32, per: Duration) -> Self {
        Self { attempts, per }
    }

    /// Returns the number of attempts that may come at once: at least 1.
    fn attempts(self) -> u64 {
        u64::from(self.attempts).max(1)
    }

    /// Returns the time after which one more attempt is available, in whole milliseconds: at least 1.
    pub fn every(self) -> Duration {
        let millis = self.per.as_millis() / u128::from(self.attempts());
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX).max(1))
    }

    /// Returns the time after which the whole budget is available again.
    pub fn whole(self) -> Duration {
        Duration::from_millis(self.attempts().saturating_mul(millis(self.every())))
    }
}

/// Many people may share an address: an office, a school, or the customers of a mobile carrier.
const NETWORK: Budget = Budget::new(100, MINUTE);

/// More than a person needs to remember a password. After that, a guess takes 90 seconds.
const ACCOUNT: Budget = Budget::new(10, Duration::from_secs(15 * 60));

/// All guessers of the world share it: 500 guesses a day on one account, from however many addresses.
const NEW_NETWORKS: Budget = Budget::new(20, HOUR);

/// Most people sign in from home or from work once a month.
const REMEMBER: Duration = Duration::from_secs(30 * DAY.as_secs());

impl Default for ThrottleSettings {
    fn default() -> Self {
        Self {
            network: Some(NETWORK),
            account: Some(ACCOUNT),
            new_networks: Some(NEW_NETWORKS),
            remember: REMEMBER,
            proxies: Vec::new(),
        }
    }
}

impl ThrottleSettings {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        let defaults = Self::default();
        let example = "{ account = { attempts = 10, per = \"15m\" } }";
        let Some(own) = table.take_table_or_false("throttle", example)? else { return Ok(defaults) };
        let Some(mut table) = own else {
            return Ok(Self { network: None, account: None, new_networks: None, ..defaults });
        };
        let settings = Self {
            network: budget(&mut table, "network", NETWORK)?,
            account: budget(&mut table, "account", ACCOUNT)?,
            new_networks: budget(&mut table, "new_networks", NEW_NETWORKS)?,
            remember: table
                .take("remember", "\"30d\"", |v| duration::duration(v, HOUR..=400 * DAY))?
                .unwrap_or(REMEMBER),
            proxies: table.take("proxies", "[\"10.0.0.0/8\"]", proxies)?.unwrap_or_default(),
        };
        table.finish()?;
        Ok(settings)
    }
}

/// Takes a budget: a table, or `false` for none.
fn budget(table: &mut Table, key: &'static str, default: Budget) -> Result<Option<Budget>, StartupError> {
    let example = "{ attempts = 10, per = \"15m\" }";
    let Some(own) = table.take_table_or_false(key, example)? else { return Ok(Some(default)) };
    let Some(mut own) = own else { return Ok(None) };
    let attempts = own.take("attempts", "10", |v| value::count(v, 1..=10_000))?;
    let per = own.take("per", "\"15m\"", |v| duration::duration(v, Duration::from_secs(10)..=30 * DAY))?;
    own.finish()?;
    let attempts = attempts.and_then(|attempts| u32::try_from(attempts).ok()).unwrap_or(default.attempts);
    Ok(Some(Budget::new(attempts, per.unwrap_or(default.per))))
}

/// Addresses, and networks in CIDR notation.
fn proxies(entry: &Entry) -> Result<Vec<IpNet>, String> {
    let parse = |text: &String| {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| {
            "must be a list of IP addresses and of networks, such as \"10.0.0.0/8\"; names of hosts do not work"
                .to_owned()
        })
    };
    value::texts(entry)?.iter().map(parse).collect()
}
