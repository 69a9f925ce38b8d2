//! What clients see: statuses, headers and bodies; and what stops a launch.
#![allow(missing_docs)]

mod algorithms;
mod app;
mod bodies;
mod caching;
mod callers;
mod denials;
mod guards;
mod jwks;
mod keys;
mod launch;
mod refusals;
mod remembered;
mod remote;
mod secrecy;
mod sentinels;
mod testing;
mod step_up;
mod tokens;
mod versions;
