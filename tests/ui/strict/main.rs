//! Generated code under lints that real crates enable.
//!
//! This is a separate crate, because some of the lints check a whole crate.
#![forbid(unsafe_code, private_interfaces, private_bounds)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(elided_lifetimes_in_paths, non_ascii_idents, let_underscore_drop, unused_results)]
#![deny(clippy::all, clippy::pedantic)]

pub mod claims;
pub mod handlers;
pub mod without_prelude;

fn main() {
    assert_eq!(handlers::routes().len(), 7);
    assert_eq!(without_prelude::routes().len(), 3);
}
