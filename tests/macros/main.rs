//! What the macros make of an app: who gets in, when that is decided, and what stops a launch.

mod app;
mod conditions;
mod decisions;
mod handlers;
mod openapi;
mod optional;
mod order;
mod policies;
mod sentinels;
