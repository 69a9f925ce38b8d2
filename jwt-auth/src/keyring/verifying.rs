//! A key that verifies, prepared once and bound to one algorithm.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Serialize;

use super::algorithm::name;
use super::jwks::PublicJwk;

/// A public key or a secret, with the headers of the tokens that it verifies.
pub(crate) struct VerifyingKey {
    key: PublicKey,
    algorithm: String,
    kid: Option<String>,
    headers: Headers,
    jwk: Option<PublicJwk>,
}

pub(super) enum PublicKey {
    Hmac(Box<hmac::Key>),
    Asymmetric(ParsedPublicKey),
}

impl VerifyingKey {
    pub(super) fn new(
        key: PublicKey,
        algorithm: Algorithm,
        kid: Option<String>,
        jwk: Option<PublicJwk>,
    ) -> Self {
        Self { key, algorithm: name(algorithm), headers: Headers::new(algorithm, kid.as_deref()), kid, jwk }
    }

    /// The one `alg` that a token of this key may name (RFC 8725, section 3.1).
    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// The name of this key in a header: the one that it was given, else the thumbprint of a public key (RFC
    /// 7638); none of a secret, about which a hash would tell (RFC 7638, section 7).
    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The public key, if it is one.
    pub(crate) fn jwk(&self) -> Option<&PublicJwk> {
        self.jwk.as_ref()
    }

    /// The encoded headers of our own tokens, by which they are recognised unparsed.
    pub(crate) fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Whether it is a secret.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.key, PublicKey::Hmac(_))
    }

    /// Whether this key signed the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            PublicKey::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            PublicKey::Asymmetric(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

/// What a token is for. It stands in the `typ` of the header, so that neither kind passes for the
/// other (RFC 8725, section 3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `at+jwt`, of RFC 9068, section 2.1.
    Access,
    /// `rt+jwt`, which no protected route accepts.
    Refresh,
    /// `JWT`, as [`fastapi_framework`](crate::compat::fastapi_framework) names all of its tokens. Asked
    /// for while the setting of that name is on, and only there.
    FastapiFramework,
}

impl TokenKind {
    /// The `typ` of a token of this kind.
    pub(crate) fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
            Self::FastapiFramework => "JWT",
        }
    }
}

/// The headers of a key's own tokens, encoded.
#[derive(Clone)]
pub(crate) struct Headers {
    access: String,
    refresh: String,
    fastapi_framework: String,
}

impl Headers {
    pub(super) fn new(algorithm: Algorithm, kid: Option<&str>) -> Self {
        #[derive(Serialize)]
        struct Header<'a> {
            alg: &'a str,
            typ: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            kid: Option<&'a str>,
        }

        let encoded = |kind: TokenKind| {
            let header = Header { alg: &name(algorithm), typ: kind.typ(), kid };
            URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).expect("three strings serialize"))
        };
        Self {
            access: encoded(TokenKind::Access),
            refresh: encoded(TokenKind::Refresh),
            fastapi_framework: encoded(TokenKind::FastapiFramework),
        }
    }

    /// The header of a token of this kind.
    pub(crate) fn of(&self, kind: TokenKind) -> &str {
        match kind {
            TokenKind::Access => &self.access,
            TokenKind::Refresh => &self.refresh,
            TokenKind::FastapiFramework => &self.fastapi_framework,
        }
    }
}
