//! Migration from other systems.

pub mod fastapi_framework;
