//! Routes for operators: metrics for Prometheus, and the health of the app. A real app does not publish the metrics: it
//! serves them on another port, or requires a token.

use std::sync::LazyLock;
use std::time::Duration;

use jwt_auth::{Health, JwtAuth, public};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::tokio::spawn;
use rocket::tokio::time::interval;
use rocket::{Build, Orbit, Rocket, Route, State, fairing, get};

/// The upper bounds of the buckets for durations, in seconds.
const BUCKETS: [f64; 8] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5];

/// A process has one recorder of metrics.
static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let suffix = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(suffix, &BUCKETS);
    builder.and_then(PrometheusBuilder::install_recorder).expect("this is the only recorder")
});

/// Installs the recorder of metrics.
pub struct Metrics;

#[rocket::async_trait]
impl Fairing for Metrics {
    fn info(&self) -> Info {
        Info { name: "metrics", kind: Kind::Ignite | Kind::Liftoff }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        Ok(rocket.manage(RECORDER.clone()))
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let mut ticks = interval(Duration::from_secs(5));
        let shutdown = rocket.shutdown();
        spawn(async move {
            let upkeep = async {
                loop {
                    ticks.tick().await;
                    RECORDER.run_upkeep();
                }
            };
            rocket::tokio::select! {
                () = upkeep => {}
                () = shutdown => {}
            }
        });
    }
}

#[public]
#[get("/metrics")]
fn metrics(recorder: &State<PrometheusHandle>) -> String {
    recorder.render()
}

#[public]
#[get("/health")]
async fn health(auth: &JwtAuth) -> Health {
    auth.health().await
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![metrics, health]
}
