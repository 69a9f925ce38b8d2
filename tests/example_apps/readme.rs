//! The app in the README.

use crate::read;

#[test]
fn the_readme_shows_the_smallest_example() {
    let source = read("examples/hello/src/main.rs");
    let (_, code) = source.split_once("\n\n").expect("the file begins with its docs");
    let app = code.trim_end().trim_end_matches("#[cfg(test)]\nmod tests;").trim_end();
    assert!(read("README.md").contains(app), "the README shows another app than this:\n{app}");
}
