//! Fetches documents over HTTPS. A server is trusted with the keys of its issuer, but the size and the duration of its
//! responses are limited.

use std::time::Duration;

use headers::{CacheControl, HeaderMapExt};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;

use crate::config::may_be_shown;

/// The maximum time for a fetch, and for a request that waits for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The maximum size of a document. 64 keys with their certificates take about half of it.
const LARGEST: usize = 512 * 1024;

/// How long keys are kept by default. Issuers publish a new key more than an hour before they sign with it.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The limits for the `max-age` of `Cache-Control`.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A fetched document.
pub(super) struct Fetched {
    pub(super) text: String,
    /// How long it can be kept.
    pub(super) lifetime: Duration,
}

/// The reason a document could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the request failed")]
    Request(#[from] reqwest::Error),
    #[error("{0} returned status {1}")]
    Status(Url, u16),
    #[error("{0} is larger than {LARGEST} bytes")]
    Large(Url),
    #[error("{0} is not UTF-8")]
    Encoding(Url),
    #[error("it took more than {} seconds", PATIENCE.as_secs())]
    Slow,
    #[error("the discovery document cannot be read")]
    Document(#[source] serde_json::Error),
    #[error(
        "the discovery document belongs to another issuer, {0:?}, which must be exactly the configured one"
    )]
    Issuer(String),
    #[error("the `jwks_uri` of the discovery document is not a URL, or contains a user or a password")]
    Address,
    #[error("the document {0}")]
    Set(String),
}

/// Creates the HTTP client. It does not follow redirects, because they could lead into the app's network.
pub(super) fn client(https_only: bool) -> Result<Client, reqwest::Error> {
    Client::builder()
        .https_only(https_only)
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .user_agent(concat!("jwt-auth/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Fetches the document at a URL.
pub(super) async fn text(client: &Client, url: Url) -> Result<Fetched, FetchError> {
    let mut response = client.get(url.clone()).send().await?;
    if response.status().as_u16() != 200 {
        return Err(FetchError::Status(url, response.status().as_u16()));
    }
    let lifetime = lifetime(response.headers());
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(FetchError::Large(url));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_| FetchError::Encoding(url))?;
    Ok(Fetched { text, lifetime })
}

fn lifetime(headers: &HeaderMap) -> Duration {
    let max_age = headers.typed_get::<CacheControl>().and_then(|cache| cache.max_age());
    max_age.unwrap_or(LIFETIME).clamp(SHORTEST, LONGEST)
}

/// Returns the URL of the keys in a discovery document (OpenID Connect Discovery 1.0, section 3). Its issuer is checked
/// as section 4.3 requires.
pub(super) fn jwks_uri(document: &str, issuer: &str) -> Result<Url, FetchError> {
    #[derive(Deserialize)]
    struct Document {
        issuer: String,
        jwks_uri: String,
    }

    let document: Document = serde_json::from_str(document).map_err(FetchError::Document)?;
    match document.issuer == issuer {
        true => Url::parse(&document.jwks_uri).ok().filter(may_be_shown).ok_or(FetchError::Address),
        false => Err(FetchError::Issuer(document.issuer.chars().take(200).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_for_their_max_age_within_limits() {
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
    fn a_document_must_name_exactly_its_issuer() {
        let auth0 = r#"{"issuer":"https://tenant.eu.auth0.com/","jwks_uri":"https://tenant.eu.auth0.com/.well-known/jwks.json","device_authorization_endpoint":"https://tenant.eu.auth0.com/oauth/device/code"}"#;
        let url = jwks_uri(auth0, "https://tenant.eu.auth0.com/").expect("it names its issuer");
        assert_eq!(url.as_str(), "https://tenant.eu.auth0.com/.well-known/jwks.json");
        assert!(matches!(jwks_uri(auth0, "https://tenant.eu.auth0.com"), Err(FetchError::Issuer(_))));

        // Entra's document for all tenants does not belong to any of them.
        let entra = r#"{"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0","jwks_uri":"https://login.microsoftonline.com/common/discovery/v2.0/keys"}"#;
        assert!(matches!(
            jwks_uri(entra, "https://login.microsoftonline.com/common/v2.0"),
            Err(FetchError::Issuer(_))
        ));

        let custom = r#"{"issuer":"https://a","jwks_uri":"https://a/keys?appid=6731de76-14a6-49ae-97bc-6eba6914391e"}"#;
        let url = jwks_uri(custom, "https://a").expect("a query is allowed");
        assert_eq!(url.query(), Some("appid=6731de76-14a6-49ae-97bc-6eba6914391e"));
        let secret = r#"{"issuer":"https://a","jwks_uri":"https://ann:secret@a/keys"}"#;
        assert!(matches!(jwks_uri(secret, "https://a"), Err(FetchError::Address)));
        assert!(matches!(jwks_uri("{}", "https://a"), Err(FetchError::Document(_))));
        assert!(matches!(
            jwks_uri(r#"{"issuer":"https://a","jwks_uri":"keys"}"#, "https://a"),
            Err(FetchError::Address)
        ));
    }
}
