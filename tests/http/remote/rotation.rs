//! Providers that rotate their keys while the app runs.

use rocket::http::Status;
use rocket::serde::json::json;

use super::fake_provider::{Mode, public, set};
use super::{cooldown, status, token, with_keys};

#[rocket::async_test]
async fn an_unknown_key_is_fetched() {
    let (provider, client) = with_keys().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    assert_eq!(provider.fetches(), 1, "the key was known");

    provider.set_mode(Mode::Json(json!({ "keys": [public("first"), public("second")] })));
    cooldown().await;
    assert_eq!(status(&client, &token("second")).await, Status::Ok, "the request waits for its key");
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    assert_eq!(provider.fetches(), 2);

    // The next fetch drops the first key.
    provider.set_mode(Mode::Json(set("second")));
    cooldown().await;
    assert_eq!(status(&client, &token("third")).await, Status::Unauthorized);
    assert_eq!(status(&client, &token("first")).await, Status::Unauthorized);
    assert_eq!(status(&client, &token("second")).await, Status::Ok);
}

#[rocket::async_test]
async fn many_unknown_key_ids_cause_few_fetches() {
    let (provider, client) = with_keys().await;
    cooldown().await;
    let names: Vec<String> = (0..500).map(|n| token(&format!("no-{n}"))).collect();
    let begin = std::time::Instant::now();
    let statuses = rocket::futures::future::join_all(names.iter().map(|token| status(&client, token))).await;
    // Some of the concurrent requests find a fetch in progress and give up.
    let rejected = [Status::Unauthorized, Status::ServiceUnavailable];
    assert!(statuses.iter().all(|status| rejected.contains(status)));
    let cooldowns = begin.elapsed().as_secs() as usize;
    assert!(provider.fetches() <= 3 + cooldowns, "{} fetches", provider.fetches());
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}
