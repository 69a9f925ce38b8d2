//! Ways over from other systems.

pub mod fastapi_framework;
