//! Events that observers receive.

mod keys;
mod requests;
mod sessions;

use jwt_auth::JwtAuth;
use jwt_auth_tests::{Events, Setup};

/// Launches an app and records its events, without those of the launch.
async fn launch(setup: &Setup) -> (JwtAuth, Events) {
    let events = Events::default();
    let rocket = setup.attach(setup.fairing().observe(events.observer()));
    let rocket = rocket.ignite().await.expect("the app launches");
    events.take();
    (rocket.state::<JwtAuth>().expect("the fairing is attached").clone(), events)
}
