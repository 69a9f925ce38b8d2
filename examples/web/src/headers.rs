//! Security headers on every response.

use rocket::http::Header;
use rocket::shield::{Frame, Policy, Shield};

/// A policy under which pages load only files of this app, and run no inline scripts.
#[derive(Default)]
struct ContentSecurityPolicy;

impl Policy for ContentSecurityPolicy {
    const NAME: &'static str = "Content-Security-Policy";

    fn header(&self) -> Header<'static> {
        Header::new(
            Self::NAME,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )
    }
}

pub fn shield() -> Shield {
    Shield::default().enable(ContentSecurityPolicy).enable(Frame::Deny)
}
