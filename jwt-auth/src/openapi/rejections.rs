//! The error responses of an operation.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Object, Ref, Type};

use crate::error::AuthError;
use crate::guard::{ErrorBody, is_challenged};

/// Returns the responses by their status.
pub(super) fn responses(rejections: &[AuthError]) -> BTreeMap<String, Response> {
    let mut by_status = BTreeMap::<String, Vec<&AuthError>>::new();
    for rejection in rejections {
        by_status.entry(rejection.status().code.to_string()).or_default().push(rejection);
    }
    by_status.into_iter().map(|(status, rejections)| (status, response(&rejections))).collect()
}

fn response(rejections: &[&AuthError]) -> Response {
    let mut response =
        ResponseBuilder::new().description(description(rejections)).content("application/json", {
            let schema = Ref::from_schema_name(AuthError::name());
            ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples(rejections)).build()
        });
    if rejections.iter().any(|rejection| is_challenged(rejection)) {
        response = response.header("WWW-Authenticate", header(Type::String, "The challenge of RFC 6750."));
    }
    if rejections.iter().any(|rejection| matches!(rejection, AuthError::TemporarilyUnavailable(_))) {
        response = response.header("Retry-After", header(Type::Integer, "The number of seconds to wait."));
    }
    response.build()
}

/// Returns an example body for each error, by its `error` code. The errors of malformed bodies have the same code, so
/// their key also contains the reason.
fn examples(rejections: &[&AuthError]) -> BTreeMap<String, Example> {
    let mut examples = BTreeMap::new();
    for rejection in rejections {
        let name = match rejection {
            AuthError::MalformedCredentials(reason) => format!("{}: {reason}", rejection.code()),
            _ => rejection.code().to_owned(),
        };
        let body = json!(ErrorBody::of(rejection, false));
        examples.insert(name, ExampleBuilder::new().value(Some(body)).build());
    }
    examples
}

/// Returns a line for each error, with its `error` and its `error_description`.
fn description(rejections: &[&AuthError]) -> String {
    let mut text = String::new();
    for rejection in rejections {
        let separator = if text.is_empty() { "" } else { "\n\n" };
        let _ = write!(text, "{separator}`{}`: {}", rejection.code(), rejection.description());
        let clauses = match rejection {
            AuthError::InsufficientScope(denial) => denial.clause(),
            AuthError::InsufficientUserAuthentication(step_up) => step_up.clause(),
            _ => continue,
        };
        let _ = write!(text, " The route requires `{clauses}`.");
    }
    text
}

fn header(of: Type, description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(of))).description(Some(description)).build()
}
