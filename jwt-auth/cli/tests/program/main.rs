//! Runs the program with the settings and the Redis of an app that runs at the same time.

mod keys;
mod revocation;
mod sessions;
mod shell;
mod tokens;
mod usage;
