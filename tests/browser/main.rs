//! Tokens in cookies: which one counts, requests of other sites, renewal, what a browser stores, and several
//! processes.

mod app;
mod audit;
mod cookies;
mod cross_site;
mod csrf_oracle;
mod events;
mod openapi;
mod pages;
mod renewal;
mod session_routes;
mod settings;
mod sign_in_and_out;
mod sockets;
mod sources;
mod two_processes;
