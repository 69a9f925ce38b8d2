//! Running alongside a fastapi_framework service, and replacing it.
#![allow(missing_docs)]

mod access_tokens;
mod exchange;
mod fixtures;
mod kinds;
mod launch;
mod logout_everywhere;
mod other_services;
mod python;
mod python_service;
mod refresh_tokens;
mod sweep;
mod unavailable;
