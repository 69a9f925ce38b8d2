//! The live view.

use std::time::Duration;

use rocket::http::Status;
use rocket::tokio::{join, time::sleep};

use super::{browser, signed_in, submit};

#[rocket::async_test]
async fn the_events_end_with_the_session() {
    let browser = signed_in().await;
    let page = browser.page();
    let sign_out = async {
        sleep(Duration::from_millis(200)).await;
        submit(&browser, "/auth/logout", "").await
    };
    let (events, _) = join!(page.get("/events").send(), sign_out);
    assert!(events.body().contains("data:1\n\n"), "{}", events.body());
    assert!(events.body().contains("event:ended\n"), "{}", events.body());
}

#[rocket::async_test]
async fn the_events_are_for_signed_in_users() {
    let browser = browser().await;
    assert_eq!(browser.page().get("/events").send().await.status(), Status::Unauthorized);
}
