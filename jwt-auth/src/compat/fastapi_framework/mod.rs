//! The migration from `fastapi_framework.jwt_auth` (Python): its tokens and its Redis SET, while the setting
//! `fastapi_framework` is on. The guide describes the steps:
//! [`guide::fastapi_framework`](crate::guide::fastapi_framework).

mod access_token;
mod bridge;
mod exchange;
mod issue;
mod legacy;
#[cfg(feature = "redis")]
mod redis_set;
mod refresh_token;
mod settings;
mod sweep;
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only Redis has such a SET"))]
mod token_set;

pub(crate) use bridge::Bridge;
pub(crate) use legacy::Legacy;
#[cfg(feature = "redis")]
pub(crate) use redis_set::RedisTokenSet;
pub(crate) use settings::{check, check_keys};
pub use sweep::Swept;
pub(crate) use sweep::keep_swept;
pub(crate) use token_set::TokenSet;
