//! A Redis that is away, hangs, forgets or refuses, as clients see it: 503 with `Retry-After`, soon, and
//! nothing is spent; once it is back, the next request works.

mod app;
mod away;
mod connections;
mod contents;
mod refusals;
