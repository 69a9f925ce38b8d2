//! Handlers that are there in some builds alone.
#![deny(warnings)]

use jwt_auth::{public, routes};
use rocket::get;

#[public]
#[get("/")]
fn index() {}

#[cfg(any())]
#[public]
#[get("/metrics")]
fn metrics() {}

#[cfg(debug_assertions)]
#[public]
#[get("/debug")]
fn debug() {}

fn main() {
    let routes = routes![
        index,
        #[cfg(any())]
        metrics,
        #[cfg(all())]
        #[cfg(debug_assertions)]
        debug,
    ];
    assert_eq!(routes.len(), 2);
    assert_eq!(
        routes![
            #[cfg(any())]
            metrics
        ]
        .len(),
        0
    );
}
