//! The setting `redis`: a URL, a list of URLs, or a master that Sentinel monitors.

use rocket::figment::value::{Dict, Num, Value};

use super::redis_url::redis_url_problem;
use super::secret::Secret;
use super::table::Entry;

/// The Redis deployment that stores the sessions.
#[cfg_attr(
    not(all(feature = "redis", feature = "cluster", feature = "sentinel")),
    allow(dead_code, reason = "only these features read it")
)]
pub(crate) enum Redis {
    /// A single server.
    Single(Secret<String>),
    /// Some of the nodes of a Redis Cluster.
    Cluster(Vec<Secret<String>>),
    /// The current master, as reported by Sentinel.
    Sentinel(Sentinel),
}

/// A master that Sentinel monitors.
#[cfg_attr(not(feature = "sentinel"), allow(dead_code, reason = "only the feature reads it"))]
pub(crate) struct Sentinel {
    pub(crate) sentinels: Vec<Secret<String>>,
    pub(crate) master: String,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret<String>>,
    pub(crate) database: u16,
    pub(crate) tls: bool,
}

impl Redis {
    /// Returns the addresses and the database, without user names and passwords.
    pub(crate) fn shown(&self) -> String {
        let all = |urls: &[Secret<String>]| -> String {
            urls.iter().map(|url| address(url.expose())).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Single(url) => address(url.expose()),
            Self::Cluster(urls) => format!("the cluster of {}", all(urls)),
            Self::Sentinel(Sentinel { sentinels, master, database, .. }) => {
                format!("database {database} of the master `{master}` of the sentinels {}", all(sentinels))
            }
        }
    }
}

/// Returns the host, the port and the database of a URL. Everything before the last `@` may be a password that was not
/// encoded.
fn address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    if url.starts_with("unix:") {
        return rest.split(['?', '#']).next().unwrap_or_default().to_owned();
    }
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}

const KEYS: [&str; 6] = ["sentinels", "master", "username", "password", "database", "tls"];

pub(super) fn redis(entry: &Entry) -> Result<Redis, String> {
    match &entry.value {
        Value::Array(_, nodes) => urls(nodes).map(Redis::Cluster),
        Value::Dict(_, table) => sentinel(table).map(Redis::Sentinel),
        one => url(one).map(Redis::Single),
    }
}

fn urls(values: &[Value]) -> Result<Vec<Secret<String>>, String> {
    match values {
        [] => Err("is an empty list: remove it instead".to_owned()),
        values if values.iter().filter_map(Value::as_str).any(|url| url.starts_with("unix:")) => {
            Err("is a list with a socket, which only works for a single server".to_owned())
        }
        values => values.iter().map(url).collect(),
    }
}

fn url(value: &Value) -> Result<Secret<String>, String> {
    let text = value.as_str().unwrap_or_default();
    match redis_url_problem(text) {
        None => Ok(Secret::new(text.to_owned())),
        Some(problem) => Err(problem.to_owned()),
    }
}

fn sentinel(table: &Dict) -> Result<Sentinel, String> {
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("has an unknown key `{key}`; the keys are: {}", KEYS.join(", ")));
    }
    let text = |key: &str| match table.get(key).map(Value::as_str) {
        None => Ok(None),
        Some(Some("")) => Err(format!("has an empty `{key}`")),
        Some(Some(text)) => Ok(Some(text.to_owned())),
        Some(None) => Err(format!("has a `{key}` that is not a quoted string")),
    };
    let sentinels = match table.get("sentinels") {
        Some(Value::Array(_, sentinels)) => urls(sentinels)?,
        _ => return Err("needs `sentinels`, a list of the sentinels' URLs".to_owned()),
    };
    let database = match table.get("database") {
        None => Some(0),
        Some(number) => {
            number.to_num().and_then(Num::to_u128_lossy).and_then(|number| number.try_into().ok())
        }
    };
    let tls = match table.get("tls") {
        None => Some(false),
        Some(tls) => tls.to_bool(),
    };
    Ok(Sentinel {
        sentinels,
        master: text("master")?.ok_or("needs `master`, the name by which the sentinels know the master")?,
        username: text("username")?,
        password: text("password")?.map(Secret::new),
        database: database.ok_or("has a `database` that is not a number")?,
        tls: tls.ok_or("has a `tls` that is neither true nor false")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_password() {
        for (url, expected) in [
            ("redis://127.0.0.1:6379/0", "127.0.0.1:6379/0"),
            ("rediss://app:p%40ss@redis.internal:6379/2", "redis.internal:6379/2"),
            ("redis://:p@ss/w?o#rd@redis.internal", "redis.internal"),
            ("redis://[::1]:6379?protocol=resp3", "[::1]:6379"),
            ("unix:///run/redis.sock?pass=p@ss", "/run/redis.sock"),
        ] {
            let secret = Secret::new(url.to_owned());
            assert_eq!(Redis::Single(secret).shown(), expected, "{url}");
        }
    }
}
