//! Handlers that exist only in some builds.
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

#[test]
fn handlers_behind_cfg_are_left_out() {
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
