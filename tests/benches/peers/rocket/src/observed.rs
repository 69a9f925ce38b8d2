//! The app with everything that observes events: an observer that writes JSON, a recorder of metrics, and a subscriber of
//! `tracing` that writes lines of the level info.

use std::hint::black_box;

use jwt_auth::{Event, JwtAuth};
use metrics_exporter_prometheus::PrometheusBuilder;
use rocket::launch;

#[launch]
fn rocket() -> _ {
    PrometheusBuilder::new().install_recorder().expect("this is the only recorder");
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    let observer = |event: &Event<'_>| {
        black_box(serde_json::to_string(event).expect("an event serializes"));
    };
    peer_rocket::app(JwtAuth::fairing().observe(observer))
}
