//! The examples: that they can be copied out of the repository, that the README shows one of them, how an independent
//! validator and a browser see the OpenAPI document of another, and how the web app works in a browser. Their other
//! tests are in their packages.

mod manifests;
mod openapi;
mod readme;
mod server;
mod web;

use std::fs;
use std::path::Path;

/// Reads a file of the repository.
fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
