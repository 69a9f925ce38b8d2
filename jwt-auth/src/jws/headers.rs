//! The headers of the app's own tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// The type of a token, which says what the token is for. It is in the header as `typ`, so that no token can be used in
/// place of one of another type (RFC 8725, section 3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// `at+jwt` (RFC 9068, section 2.1).
    Access,
    /// `rt+jwt`, which no protected route accepts.
    Refresh,
    /// `JWT` (RFC 7519, section 5.1), which names no purpose. Other systems sign tokens of this type. This app signs
    /// them only for those systems.
    Jwt,
}

impl TokenType {
    /// Returns the `typ` of these tokens.
    pub(crate) fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
            Self::Jwt => "JWT",
        }
    }
}

/// The encoded headers of the tokens that one key signs.
#[derive(Clone)]
pub(crate) struct Headers {
    access: String,
    refresh: String,
    jwt: String,
}

impl Headers {
    pub(crate) fn new(alg: &str, kid: Option<&str>) -> Self {
        let encode = |token_type: TokenType| encode(alg, token_type.typ(), kid);
        Self {
            access: encode(TokenType::Access),
            refresh: encode(TokenType::Refresh),
            jwt: encode(TokenType::Jwt),
        }
    }

    /// Returns the encoded header for a type of token.
    pub(crate) fn of(&self, token_type: TokenType) -> &str {
        match token_type {
            TokenType::Access => &self.access,
            TokenType::Refresh => &self.refresh,
            TokenType::Jwt => &self.jwt,
        }
    }
}

fn encode(alg: &str, typ: &str, kid: Option<&str>) -> String {
    #[derive(Serialize)]
    struct Header<'a> {
        alg: &'a str,
        typ: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        kid: Option<&'a str>,
    }

    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&Header { alg, typ, kid }).expect("strings serialize"))
}
