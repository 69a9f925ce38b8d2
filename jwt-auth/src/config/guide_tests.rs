//! The guide agrees with the code: it names every setting and has its default, and its examples are valid.

use std::cell::RefCell;

use rocket::figment::providers::{Format, Toml};

use super::*;

const PAGE: &str = include_str!("../guide/settings.md");

fn read(toml: &str, profile: &str) -> Result<Settings, StartupError> {
    let figment = Figment::new().merge(Toml::string(toml).nested()).select(profile);
    Table::new(&figment, &|_| None).and_then(Settings::from_table)
}

/// Returns the names that the error about an unknown setting lists.
fn known(unknown: &str) -> Vec<String> {
    match read(&format!("[default.jwt_auth]\n{unknown}\n"), "default").err() {
        Some(StartupError::UnknownSetting { known, .. }) => known.split(", ").map(str::to_owned).collect(),
        Some(StartupError::Setting { problem, .. }) if problem.contains("the keys are: ") => {
            let (_, names) = problem.split_once("the keys are: ").expect("a list of names");
            names.split(", ").map(str::to_owned).collect()
        }
        other => panic!("{unknown}: {other:?}"),
    }
}

#[test]
fn every_setting_is_named() {
    let names = [
        known("unknown = 1"),
        known(r#"keys = [{ secret = "a", unknown = 1 }]"#),
        known(r#"issuers = [{ issuer = "https://a", secret = "a", unknown = 1 }]"#),
        known("throttle = { unknown = 1 }"),
        known("throttle = { account = { unknown = 1 } }"),
        known(r#"redis = { sentinels = ["redis://a"], master = "m", unknown = 1 }"#),
    ]
    .concat();
    assert!(names.len() > 50, "only {names:?}");
    for name in names {
        assert!(PAGE.contains(&format!("`{name}`")), "the page does not name `{name}`");
    }
}

#[test]
fn every_variable_is_named() {
    let names = RefCell::new(Vec::new());
    let get = |name: &str| {
        names.borrow_mut().push(name.to_owned());
        (name == "REDIS_HOST").then(|| "a".to_owned())
    };
    env::read(&get).expect("the variables are valid");
    let names = names.into_inner();
    assert_eq!(names.len(), 7, "{names:?}");
    for name in names {
        assert!(PAGE.contains(&format!("`{name}`")), "the page does not name `{name}`");
    }
}

#[test]
fn the_defaults_are_those_of_the_code() {
    let default = |key: &str| {
        let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{key}` |")));
        let row = row.unwrap_or_else(|| panic!("there is no row for `{key}`"));
        row.split('|').nth(2).expect("a second column").trim().replace(['`', '"'], "")
    };
    let settings = read("", "default").expect("no setting is required here");
    for (key, expected) in [
        ("access_ttl", settings.tokens.access_ttl),
        ("leeway", settings.tokens.leeway),
        ("refresh_ttl", settings.sessions.refresh_ttl),
        ("session_ttl", settings.sessions.session_ttl),
        ("reuse_grace", settings.sessions.reuse_grace),
        ("stale_after", settings.revocation.stale_after),
        ("store_timeout", settings.store.timeout),
        ("reload_keys", settings.keys.reload_every.expect("files are checked")),
    ] {
        assert_eq!(humantime::parse_duration(&default(key)), Ok(expected), "{key}");
    }
    let budget = |key: &str| {
        let text = default(key).replace("attempts =", "").replace("per =", "");
        let (attempts, per) = text.trim_matches(['{', '}']).split_once(',').expect("two numbers");
        let attempts = attempts.trim().parse().expect("a number");
        Some(Budget::new(attempts, humantime::parse_duration(per.trim()).expect("a duration")))
    };
    assert_eq!(budget("network"), settings.throttle.network);
    assert_eq!(budget("account"), settings.throttle.account);
    assert_eq!(budget("new_networks"), settings.throttle.new_networks);
    assert_eq!(humantime::parse_duration(&default("remember")), Ok(settings.throttle.remember));
    assert_eq!(default("max_sessions"), settings.sessions.max_sessions.to_string());
    assert_eq!(default("wait_replicas"), settings.store.wait_replicas.to_string());
    assert_eq!(default("prefix"), settings.store.prefix);
    assert_eq!(default("realm"), settings.realm);
    assert_eq!(default("token_cache"), format!("{}MiB", settings.token_cache.bytes >> 20));
    assert_eq!(default("algorithm"), format!("{:?}", settings.keys.algorithm));
    assert_eq!(default("revocation"), format!("{:?}", settings.revocation.mode).to_lowercase());
    assert_eq!(default("when_stale"), format!("{:?}", settings.revocation.when_stale).to_lowercase());
}

/// Without the feature, keys cannot be fetched.
#[cfg(feature = "remote")]
#[test]
fn the_examples_of_all_pages_are_valid() {
    let mut count = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/guide");
    for page in std::fs::read_dir(folder).expect("the pages") {
        let path = page.expect("a page").path();
        let text = std::fs::read_to_string(&path).expect("a page is text");
        let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        for block in blocks.filter(|block| block.contains(".jwt_auth")) {
            let lines = block.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
            let toml = lines.replace("base64:…", "base64:c2VjcmV0");
            for profile in ["default", "debug", "release"] {
                let error = read(&toml, profile).err();
                assert!(error.is_none(), "{}, {profile}: {error:?}\n{block}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 5, "only {count} examples were found");
}
