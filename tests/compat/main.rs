//! Beside a service on fastapi_framework, and after it.
#![allow(missing_docs)]

mod access_tokens;
mod everywhere;
mod exchange;
mod launch;
mod peer;
mod python;
mod refresh_tokens;
mod service;
mod sweep;
mod unavailable;
