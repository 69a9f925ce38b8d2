//! What clients see when Redis is unavailable, hangs, loses data or rejects writes: a quick 503 with `Retry-After` that
//! uses up no token. Once Redis is back, the next request succeeds.

mod app;
mod connections;
mod rejected_writes;
mod unavailable;
mod unexpected_data;
