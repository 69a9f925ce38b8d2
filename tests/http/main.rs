//! What clients see: statuses, headers and bodies. Also: the errors that stop a launch.
#![allow(missing_docs)]

mod algorithms;
mod app;
mod caching;
mod claims_read_back;
mod claims_versions;
mod credentials;
mod denial;
mod errors;
mod events;
mod health;
mod guards;
mod jwks;
mod keys;
mod launch;
mod or_not_found;
mod other_verifiers;
mod rejections;
mod remote;
mod secrecy;
mod sentinels;
mod step_up;
mod testing;
mod throttle;
mod token_cache;
mod token_responses;
mod trusted_issuers;
