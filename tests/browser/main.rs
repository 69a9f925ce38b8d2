//! Tokens in cookies: which one counts, requests of other sites, renewal, and what a browser stores.

mod app;
mod cookies;
mod cross_site;
mod csrf_oracle;
mod renewal;
mod settings;
mod sign_in_and_out;
mod sources;
