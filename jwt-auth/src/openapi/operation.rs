//! Operations, completed by the access rules of their routes.

use rocket::http::{Method, Status};
use utoipa::openapi::RefOr;
use utoipa::openapi::path;
use utoipa::openapi::response::{Response, ResponseBuilder};

use super::rejections::responses;
use super::security::{rejections, requirements};
use crate::policy::{Access, Operation};

/// Adds the security requirements and the error responses to an operation. `has_cookies`: the app has session cookies.
pub(super) fn complete(
    operation: Operation,
    access: &Access,
    method: Method,
    has_cookies: bool,
) -> path::Operation {
    let rejections = rejections(access, operation.reads_credentials, has_cookies.then_some(method));
    let mut operation = operation.operation;
    operation.security = Some(requirements(access, has_cookies));
    for (status, response) in responses(&rejections) {
        operation.responses.responses.entry(status).or_insert(response.into());
    }
    if is_hidden(access) {
        operation.responses.responses.entry("404".to_owned()).or_insert_with(|| not_found().into());
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = reason(status);
        }
    }
    operation
}

/// Returns whether callers may get a 404 instead of a 403. Its body is that of any other 404 of the app.
fn is_hidden(access: &Access) -> bool {
    match access {
        Access::Public => false,
        Access::Optional(policy) | Access::Required(policy) => policy.may_deny && policy.is_or_not_found(),
    }
}

fn not_found() -> Response {
    ResponseBuilder::new().description(NOT_FOUND).build()
}

const NOT_FOUND: &str = "Not found, or the caller has no access.";

/// Returns a description for a response without one, which OpenAPI 3.1 requires and utoipa does not.
fn reason(status: &str) -> String {
    let reason = status.parse().ok().and_then(Status::from_code).and_then(|status| status.reason());
    reason.unwrap_or(status).to_owned()
}
