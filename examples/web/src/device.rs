//! Device names, which help users recognize their sessions.

/// The browsers. Each comes before the others that its user agent also names.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("", "Unknown device"),
];

const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", " on iPhone"),
    ("iPad", " on iPad"),
    ("Android", " on Android"),
    ("Windows", " on Windows"),
    ("Mac OS X", " on macOS"),
    ("CrOS", " on ChromeOS"),
    ("Linux", " on Linux"),
    ("", ""),
];

/// Returns the name of a device, such as `Firefox on Linux`.
pub fn name(user_agent: &str) -> String {
    format!("{}{}", find(&BROWSERS, user_agent), find(&SYSTEMS, user_agent))
}

fn find(names: &[(&str, &'static str)], user_agent: &str) -> &'static str {
    names.iter().find(|(part, _)| user_agent.contains(part)).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_short_names() {
        let apple = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (user_agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
                 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
            ),
            (
                &format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {apple} Version/18.6 Safari/604.1"
                ),
                "Safari on iPhone",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {apple} Version/18.6 Safari/605.1.15"
                ),
                "Safari on macOS",
            ),
            ("curl/8.5.0", "curl"),
            ("", "Unknown device"),
        ] {
            assert_eq!(name(user_agent), expected);
        }
    }
}
