//! The reasons behind an [`AuthError`](super::AuthError).

/// The problem with an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The request contains the header more than once (RFC 9110, section 5.3).
    #[error("the request contains the header more than once")]
    Repeated,
    /// The text after `Bearer` is not a single token (RFC 6750, section 2.1).
    #[error("the text after `Bearer` is not a single token")]
    Malformed,
}

/// The reason a request body cannot be parsed. It contains nothing from the body, except for the name of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedCredentials {
    /// The body is not JSON, or was cut off.
    #[error("the body is not JSON")]
    NotJson,
    /// The body is JSON, but does not have the expected fields.
    #[error("the body does not match the expected schema{}", at(.field.as_deref()))]
    WrongForm {
        /// The name of the field that is missing or has the wrong type, if it is known.
        field: Option<String>,
    },
    /// The body is too long, or a new password in it is.
    #[error("the body is too long")]
    TooLong,
}

fn at(field: Option<&str>) -> String {
    field.map_or_else(String::new, |field| format!(" in `{}`", field.escape_debug()))
}

/// The reason a token is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidToken {
    /// The token is longer than the verifier accepts.
    #[error("the token has {length} bytes; the maximum is {max}")]
    #[non_exhaustive]
    TooLong {
        /// The length of the token, in bytes.
        length: usize,
        /// The maximum length, in bytes.
        max: usize,
    },
    /// The token is not a compact JWS (RFC 7515, section 7.1), or its header is malformed.
    #[error("the token is malformed")]
    Malformed,
    /// Its `typ` belongs to another type of token.
    #[error("`typ` belongs to another type of token")]
    WrongType,
    /// Its `alg` is not the algorithm of the key.
    #[error("`alg` is not the algorithm of the key")]
    WrongAlgorithm,
    /// Its `kid` does not match any key in force.
    #[error("`kid` does not match any key in force")]
    UnknownKey,
    /// Its `crit` requires an extension (RFC 7515, section 4.1.11), and none is supported.
    #[error("`crit` requires an extension, and none is supported")]
    Critical,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    BadSignature,
    /// A claim is missing, duplicated or of the wrong type, or the claims are not the ones that the route requires. The
    /// text describes the problem.
    #[error("{}", .0.escape_debug())]
    BadClaims(String),
    /// Its `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// Its `nbf` or its `iat` is in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// Its `iss` names another issuer.
    #[error("`iss` names another issuer")]
    WrongIssuer,
    /// Its audience is not the required one.
    #[error("`{}` is not the audience that this route or app requires", .claim.escape_debug())]
    WrongAudience {
        /// The claim that contains the audience: `aud`, or the setting `audience_claim` of a trusted issuer.
        claim: String,
    },
    /// It is bound to a key of its client (`cnf`; RFC 7800), as with DPoP (RFC 9449) and mutual TLS (RFC 8705). The crate
    /// cannot check that the client has the key.
    #[error("the token is bound to a key of its client (`cnf`), so it must not be used as a bearer token")]
    SenderConstrained,
    /// It is an ID token, which tells its client about the user, and is not meant for APIs.
    #[error(
        "the token is an ID token, which is for its client and not for APIs: get an access token for this API, or set \
         `accept = \"id_token\"` for the issuer"
    )]
    IdToken,
    /// The token or its session was revoked.
    #[error("the token or its session was revoked")]
    Revoked,
    /// The request has two session cookies of one name, and the crate cannot tell which one is genuine.
    #[error("the request has two session cookies of one name")]
    RepeatedCookie,
    /// The token is [long-lived](crate::NewAccessToken::ttl), and this process has not asked the store about its session
    /// within `access_ttl`.
    #[error(
        "the session of this long-lived token was not checked with the store within `access_ttl`: call \
         `JwtAuth::authenticate` instead of `verify`"
    )]
    NotChecked,
    /// The token belongs to no session, and a live session is required.
    #[error("the token belongs to no session")]
    NoSession,
}

impl InvalidToken {
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        Self::BadClaims(error.to_string())
    }

    /// Returns the error for a token whose `aud` is wrong.
    pub(crate) fn wrong_audience() -> Self {
        Self::WrongAudience { claim: "aud".to_owned() }
    }

    pub(crate) fn missing_claim(name: &str) -> Self {
        Self::BadClaims(format!("`{name}` is missing"))
    }
}

/// The reason a refresh was rejected. Responses do not reveal it to clients.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidGrant {
    /// The token itself is not valid.
    #[error("the token is not valid")]
    Token(#[source] InvalidToken),
    /// Its session does not exist: it was ended, or it never began.
    #[error("the session does not exist")]
    Unknown,
    /// Its session is past its idle end or its absolute end.
    #[error("the session has expired")]
    Expired,
    /// The token was used before, so it may have been stolen. Its session was ended.
    #[error("the token was used before, so the session was ended")]
    Reused,
    /// The session belongs to a different kind of claims than the one that this route continues.
    #[error("the session belongs to another kind of claims")]
    WrongKind,
    /// The subject does not parse as the loader's parameter.
    #[error("the subject does not parse as the `{expected}` that the loader takes")]
    #[non_exhaustive]
    SubjectType {
        /// The type of the parameter.
        expected: &'static str,
    },
    /// The loader returned claims of another subject.
    #[error(
        "the loader returned claims of another subject, but it must return claims with exactly the subject that it was given"
    )]
    WrongSubject,
    /// The loader did not find the user. The session was ended.
    #[error("the user no longer exists, so the session was ended")]
    NoSuchSubject,
}
