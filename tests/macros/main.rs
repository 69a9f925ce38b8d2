//! The macros in an app: which requests they accept, when they decide, and what stops the launch.

mod app;
mod checks;
mod evaluation_order;
mod handlers;
mod openapi;
mod optional;
mod policies;
mod policy_parameters;
mod requirements;
mod sentinels;
