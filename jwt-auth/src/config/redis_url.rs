//! The URL of a Redis server. A password with unencoded characters would make a part of it the host.

/// Returns what is wrong with a URL, without repeating any of it.
pub(crate) fn redis_url_problem(url: &str) -> Option<&'static str> {
    if url.starts_with(['"', '\'']) {
        return Some("is in quotes, which Docker's env files treat as part of the value: remove them");
    }
    if url.contains(char::is_whitespace) {
        return Some("contains white space: remove it, or percent-encode it in the password, as %20");
    }
    if url.strip_prefix("unix://").is_some_and(|path| path.starts_with('/')) {
        return url
            .contains(['@', '#'])
            .then_some("contains `@` or `#`: percent-encode them, as %40 and %23");
    }
    let rest = ["redis://", "rediss://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let Some(rest) = rest else {
        return Some(
            "must be a URL that starts with redis:// or rediss://, the path of a socket that starts with unix:///, a list of \
             URLs for a cluster, or { sentinels = [\"redis://…\"], master = \"…\" }",
        );
    };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        _ if tail.contains('@') => Some(
            "contains `/`, `?` or `#` in the user name or the password: percent-encode them, as %2F, %3F and %23",
        ),
        Some((login, _)) if login.contains('@') => {
            Some("contains `@` in the user name or the password: percent-encode it, as %40")
        }
        Some((_, "")) => Some("has no host after the `@`"),
        None if authority.is_empty() => Some("has no host"),
        _ if tail.contains('#') => Some("has a `#`: percent-encode it in the password, as %23, or remove it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::redis_url_problem;

    #[test]
    fn a_password_with_unencoded_characters_is_rejected() {
        for (url, expected) in [
            ("redis://:pa#ss@redis.internal:6379", "as %2F, %3F and %23"),
            ("redis://:pa?ss@redis.internal:6379", "as %2F, %3F and %23"),
            ("redis://app:pa/ss@redis.internal:6379/0", "as %2F, %3F and %23"),
            ("rediss://app:p@ss@redis.internal", "as %40"),
            ("redis://a@b:p@redis.internal", "as %40"),
            ("redis://:p@ss/w@redis.internal", "as %2F, %3F and %23"),
            ("redis://:pa ss@redis.internal", "as %20"),
            ("redis://redis.internal\n", "white space"),
            (" redis://redis.internal", "white space"),
            ("\"redis://redis.internal\"", "in quotes"),
            ("'redis://redis.internal'", "in quotes"),
            ("redis://:pass@", "no host"),
            ("redis://:pass@/0", "no host"),
            ("redis://", "no host"),
            ("redis:///0", "no host"),
            ("redis://redis.internal#pass", "has a `#`"),
            ("redis.internal:6379", "starts with redis://"),
            ("http://redis.internal", "starts with redis://"),
            ("unix://run/redis.sock", "starts with redis://"),
            ("unix:///run/redis.sock?pass=p@ss", "as %40"),
            ("unix:///run/redis.sock?pass=p#ss", "and %23"),
            ("", "starts with redis://"),
        ] {
            let problem = redis_url_problem(url).unwrap_or_else(|| panic!("accepted: {url}"));
            assert!(problem.contains(expected), "{url}: {problem}");
            assert!(!problem.contains("internal"), "{problem}");
        }
        for url in [
            "redis://127.0.0.1",
            "redis://[::1]:6379/0",
            "rediss://app:p%40ss%23%2F@redis.internal:6379/0",
            "redis://:p%25@redis.internal/15?protocol=resp3",
            "redis://user@redis.internal",
            "unix:///run/redis.sock?db=1",
        ] {
            assert_eq!(redis_url_problem(url), None, "{url}");
        }
    }
}
