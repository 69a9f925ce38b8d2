//! The security requirements and the errors that follow from an access rule and from a `Credentials` body.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};

use crate::error::{AuthError, Denial, InvalidRequest, InvalidToken, MalformedCredentials};
use crate::policy::{Access, Summary};

/// The name of the security scheme: bearer tokens (RFC 6750).
pub(super) const SCHEME: &str = "bearer";

/// Returns the security scheme.
pub(super) fn scheme() -> SecurityScheme {
    let http = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token."));
    SecurityScheme::Http(http.build())
}

/// Returns the credentials that a request must contain.
pub(super) fn requirements(access: &Access) -> Vec<SecurityRequirement> {
    let bearer = |summary: &Summary| SecurityRequirement::new(SCHEME, summary.scopes.iter().copied());
    match access {
        Access::Public => Vec::new(),
        Access::Optional(summary) => vec![SecurityRequirement::default(), bearer(summary)],
        Access::Required(summary) => vec![bearer(summary)],
    }
}

/// Returns the errors that a caller may get before the handler is called.
pub(super) fn rejections(access: &Access, reads_credentials: bool) -> Vec<AuthError> {
    let mut rejections = match access {
        Access::Public => Vec::new(),
        Access::Optional(summary) => of_policy(summary, true),
        Access::Required(summary) => of_policy(summary, false),
    };
    if reads_credentials {
        let reasons =
            [MalformedCredentials::NotJson, MalformedCredentials::TooLong, MalformedCredentials::WrongForm];
        rejections.extend(reasons.map(AuthError::from));
    }
    rejections
}

fn of_policy(summary: &Summary, optional: bool) -> Vec<AuthError> {
    let mut rejections = vec![AuthError::InvalidRequest(InvalidRequest::Malformed)];
    if !optional {
        rejections.push(AuthError::Unauthorized);
    }
    rejections.push(InvalidToken::BadSignature.into());
    rejections.extend(summary.step_up.clone().map(AuthError::InsufficientUserAuthentication));
    if summary.may_deny {
        let denial = Denial::new(summary.requirement()).with_scopes(&summary.scopes);
        rejections.push(AuthError::InsufficientScope(denial));
    }
    if summary.is_strict() {
        rejections.push(AuthError::unavailable("the store did not answer"));
    }
    rejections
}
