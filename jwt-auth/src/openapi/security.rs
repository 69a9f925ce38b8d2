//! The security requirements and the errors that follow from an access rule and from a `Credentials` body.

use rocket::http::Method;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};

use crate::auth::Source;
use crate::error::{AuthError, Denial, InvalidRequest, InvalidToken, MalformedCredentials};
use crate::policy::{Access, Summary};

/// The name of the security scheme of bearer tokens (RFC 6750).
pub(super) const BEARER: &str = "bearer";

/// The name of the security scheme of session cookies.
pub(super) const COOKIE: &str = "cookie";

/// Returns the security scheme of bearer tokens.
pub(super) fn bearer() -> SecurityScheme {
    let http = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token."));
    SecurityScheme::Http(http.build())
}

/// Returns the security scheme of the session cookie with this name.
pub(super) fn cookie(name: &str) -> SecurityScheme {
    let description = "The session cookie of a browser, which contains an access token.";
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, description)))
}

/// Returns the alternative credentials that a request may contain.
pub(super) fn requirements(access: &Access, has_cookies: bool) -> Vec<SecurityRequirement> {
    let (mut requirements, summary) = match access {
        Access::Public => return Vec::new(),
        Access::Optional(summary) => (vec![SecurityRequirement::default()], summary),
        Access::Required(summary) => (Vec::new(), summary),
    };
    let schemes: &[&str] = match (summary.source(), has_cookies) {
        (Some(Source::Header), _) | (_, false) => &[BEARER],
        (Some(Source::Cookie), true) => &[COOKIE],
        (None, true) => &[BEARER, COOKIE],
    };
    let with_scopes = |scheme: &&str| SecurityRequirement::new(*scheme, summary.scopes.iter().copied());
    requirements.extend(schemes.iter().map(with_scopes));
    requirements
}

/// Returns the errors that a caller may get before the handler is called. `method` is that of the route, if the app has
/// session cookies.
pub(super) fn rejections(access: &Access, reads_credentials: bool, method: Option<Method>) -> Vec<AuthError> {
    let (mut rejections, summary) = match access {
        Access::Public => (Vec::new(), None),
        Access::Optional(summary) => (of_policy(summary, true), Some(summary)),
        Access::Required(summary) => (of_policy(summary, false), Some(summary)),
    };
    if let (Some(summary), Some(method)) = (summary, method)
        && summary.may_change_by_cookie(method)
        && !summary.is_cross_origin()
    {
        rejections.push(AuthError::CrossOrigin);
    }
    if reads_credentials {
        let reasons = [
            MalformedCredentials::NotJson,
            MalformedCredentials::TooLong,
            MalformedCredentials::WrongForm { field: Some("password".to_owned()) },
        ];
        rejections.extend(reasons.map(AuthError::from));
    }
    rejections
}

fn of_policy(summary: &Summary, optional: bool) -> Vec<AuthError> {
    let mut rejections = vec![AuthError::InvalidRequest(InvalidRequest::Malformed)];
    if !optional {
        rejections.push(AuthError::Unauthorized);
    }
    // A cookie that does not verify counts as none where a token is optional.
    if !optional || summary.source() != Some(Source::Cookie) {
        rejections.push(InvalidToken::BadSignature.into());
    }
    rejections.extend(summary.step_up.clone().map(AuthError::InsufficientUserAuthentication));
    if summary.may_deny && !summary.is_or_not_found() {
        let denial = Denial::new(summary.requirement()).with_scopes(&summary.scopes);
        rejections.push(AuthError::InsufficientScope(denial));
    }
    if summary.is_strict() {
        rejections.push(AuthError::unavailable("the store did not answer"));
    }
    rejections
}
