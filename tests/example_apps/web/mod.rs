//! `examples/web` in Chromium. Each test runs a script in this folder, which drives the browser with Playwright.

use std::path::Path;
use std::process::Command;

use jwt_auth_tests::python;
use rocket::tokio::task;

use crate::server::Server;

#[rocket::async_test]
async fn a_sign_in_by_form_works_with_and_without_scripts() {
    run("sign_in", SHORT).await;
}

#[rocket::async_test]
async fn an_expired_access_token_is_renewed_by_the_next_request() {
    run("renewal", SHORT).await;
}

#[rocket::async_test]
async fn signing_out_in_another_window_ends_the_live_view() {
    run("sign_out", LONG).await;
}

#[rocket::async_test]
async fn ending_a_session_from_another_device_ends_its_live_view() {
    run("other_device", SHORT).await;
}

#[rocket::async_test]
async fn a_stolen_refresh_token_ends_the_session_of_its_owner_and_of_the_thief() {
    run("stolen_token", &[("access_ttl", "5s"), ("reuse_grace", "1s")]).await;
}

#[rocket::async_test]
async fn a_form_of_another_site_changes_nothing() {
    run("other_site_forms", LONG).await;
}

#[rocket::async_test]
async fn a_script_of_another_site_neither_changes_nor_reads_anything() {
    run("other_site_scripts", LONG).await;
}

#[rocket::async_test]
async fn a_link_of_another_site_opens_signed_in() {
    run("other_site_link", SHORT).await;
}

#[rocket::async_test]
async fn the_websocket_echoes() {
    run("echo", SHORT).await;
}

#[rocket::async_test]
async fn a_deep_link_opens_after_the_sign_in() {
    run("deep_link", SHORT).await;
}

#[rocket::async_test]
async fn cookies_outlive_the_browser_only_if_the_user_wants_to_stay_signed_in() {
    run("remember", SHORT).await;
}

#[rocket::async_test]
async fn all_pages_fit_on_a_phone_and_a_desktop_in_light_and_dark() {
    run("appearance", SHORT).await;
}

/// Settings with which tokens expire during a test.
const SHORT: &[(&str, &str)] = &[("access_ttl", "2s")];

/// Settings with which no token expires during a test, so the cookies stay the same.
const LONG: &[(&str, &str)] = &[("access_ttl", "15m")];

/// Launches the app with these settings, and runs a script.
async fn run(script: &str, settings: &[(&str, &str)]) {
    let app = example_web::rocket();
    let figment = app.figment().clone().merge(("jwt_auth.leeway", "0s"));
    let figment = settings
        .iter()
        .fold(figment, |figment, (key, value)| figment.merge((format!("jwt_auth.{key}"), value)));
    let server = Server::start(app.configure(figment)).await;

    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("example_apps/web");
    let mut command = Command::new(python());
    // -B: write no bytecode next to the scripts.
    command.arg("-B").arg(scripts.join(script).with_extension("py"));
    command.arg(format!("http://localhost:{}", server.port));
    let output = task::spawn_blocking(move || command.output()).await.expect("the task completes");
    let output = output.expect("Python runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
