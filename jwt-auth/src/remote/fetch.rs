//! Asking over HTTP. Whatever answers is trusted with the keys of its issuer, and with where these are; not with memory
//! or time.

use std::time::Duration;

use headers::{CacheControl, HeaderMapExt};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;

use crate::config::may_be_shown;

/// Larger than any document of an issuer: 64 keys with their certificates take about half of it.
const LARGEST: usize = 512 * 1024;

/// For how long keys are kept of which nothing is said. An issuer that rotates publishes a key for longer before it
/// signs with it.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// What is said is believed within these.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What was answered.
pub(super) struct Fetched {
    pub(super) text: String,
    /// For how long it may be kept.
    pub(super) lifetime: Duration,
}

/// Why there is no answer to go by.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("the request failed")]
    Request(#[from] reqwest::Error),
    #[error("{0} was answered with status {1}")]
    Status(Url, u16),
    #[error("{0} is larger than {LARGEST} bytes")]
    Large(Url),
    #[error("{0} is not UTF-8")]
    Encoding(Url),
    #[error("it took more than {} seconds", super::PATIENCE.as_secs())]
    Slow,
    #[error("the discovery document cannot be read")]
    Document(#[source] serde_json::Error),
    #[error(
        "the discovery document is that of another issuer: its `issuer` must be what is configured, to the letter"
    )]
    Issuer,
    #[error("the `jwks_uri` of the discovery document is no URL, or one with a user, a password or a query")]
    Address,
    #[error("the JWK Set {0}")]
    Set(String),
}

/// What asks. It follows nobody elsewhere, since whoever could send it there could send it to a neighbour of this
/// app's.
pub(super) fn client(https_only: bool) -> Result<Client, reqwest::Error> {
    Client::builder()
        .https_only(https_only)
        .redirect(Policy::none())
        .timeout(super::PATIENCE)
        .user_agent(concat!("jwt-auth/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The text at a URL.
pub(super) async fn text(client: &Client, url: Url) -> Result<Fetched, Problem> {
    let mut response = client.get(url.clone()).send().await?;
    if response.status().as_u16() != 200 {
        return Err(Problem::Status(url, response.status().as_u16()));
    }
    let lifetime = lifetime(response.headers());
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(Problem::Large(url));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::Encoding(url))?;
    Ok(Fetched { text, lifetime })
}

fn lifetime(headers: &HeaderMap) -> Duration {
    let said = headers.typed_get::<CacheControl>().and_then(|cache| cache.max_age());
    said.unwrap_or(LIFETIME).clamp(SHORTEST, LONGEST)
}

/// Where the issuer of a discovery document publishes its keys (OpenID Connect Discovery 1.0, section 3; what it
/// says of itself is checked as section 4.3 asks).
pub(super) fn jwks_uri(document: &str, issuer: &str) -> Result<Url, Problem> {
    #[derive(Deserialize)]
    struct Document {
        issuer: String,
        jwks_uri: String,
    }

    let document: Document = serde_json::from_str(document).map_err(Problem::Document)?;
    match document.issuer == issuer {
        true => Url::parse(&document.jwks_uri).ok().filter(may_be_shown).ok_or(Problem::Address),
        false => Err(Problem::Issuer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_for_as_long_as_is_said_within_bounds() {
        for (said, expected) in [
            (None, LIFETIME),
            (Some("public, max-age=7200, must-revalidate"), Duration::from_secs(7_200)),
            (Some("max-age=1"), SHORTEST),
            (Some("no-store"), LIFETIME),
            (Some("max-age=99999999"), LONGEST),
            (Some("max-age=soon"), LIFETIME),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert("cache-control", said.parse().expect("a header"));
            }
            assert_eq!(lifetime(&headers), expected, "{said:?}");
        }
    }

    #[test]
    fn a_document_is_that_of_its_issuer_to_the_letter() {
        let auth0 = r#"{"issuer":"https://tenant.eu.auth0.com/","jwks_uri":"https://tenant.eu.auth0.com/.well-known/jwks.json","device_authorization_endpoint":"https://tenant.eu.auth0.com/oauth/device/code"}"#;
        let url = jwks_uri(auth0, "https://tenant.eu.auth0.com/").expect("it is its own");
        assert_eq!(url.as_str(), "https://tenant.eu.auth0.com/.well-known/jwks.json");
        assert!(matches!(jwks_uri(auth0, "https://tenant.eu.auth0.com"), Err(Problem::Issuer)));

        // Of Entra's many tenants: a document for all of them is that of none.
        let entra = r#"{"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0","jwks_uri":"https://login.microsoftonline.com/common/discovery/v2.0/keys"}"#;
        assert!(matches!(
            jwks_uri(entra, "https://login.microsoftonline.com/common/v2.0"),
            Err(Problem::Issuer)
        ));
        assert!(matches!(jwks_uri("{}", "https://a"), Err(Problem::Document(_))));
        assert!(matches!(
            jwks_uri(r#"{"issuer":"https://a","jwks_uri":"keys"}"#, "https://a"),
            Err(Problem::Address)
        ));
    }
}
