//! What a route is refused with, as responses of an operation.

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
use crate::guard::{Body, is_challenged};

/// The responses, by their status.
pub(super) fn responses(refusals: &[AuthError]) -> BTreeMap<String, Response> {
    let mut by_status = BTreeMap::<String, Vec<&AuthError>>::new();
    for refusal in refusals {
        by_status.entry(refusal.status().code.to_string()).or_default().push(refusal);
    }
    by_status.into_iter().map(|(status, refusals)| (status, response(&refusals))).collect()
}

fn response(refusals: &[&AuthError]) -> Response {
    let mut response =
        ResponseBuilder::new().description(description(refusals)).content("application/json", {
            let schema = Ref::from_schema_name(AuthError::name());
            ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples(refusals)).build()
        });
    if refusals.iter().any(|refusal| is_challenged(refusal)) {
        response = response.header("WWW-Authenticate", header(Type::String, "The challenge of RFC 6750."));
    }
    if refusals.iter().any(|refusal| matches!(refusal, AuthError::TemporarilyUnavailable(_))) {
        response = response.header("Retry-After", header(Type::Integer, "Seconds."));
    }
    response.build()
}

/// A body for each, by its `error`. Those of bodies that cannot be read have all the same, so by the reason too.
fn examples(refusals: &[&AuthError]) -> BTreeMap<String, Example> {
    let mut examples = BTreeMap::new();
    for refusal in refusals {
        let name = match refusal {
            AuthError::MalformedCredentials(reason) => format!("{}: {reason}", refusal.code()),
            _ => refusal.code().to_owned(),
        };
        let body = json!(Body::of(refusal, false));
        examples.insert(name, ExampleBuilder::new().value(Some(body)).build());
    }
    examples
}

/// A line for each, as its `error` and its `error_description` in the table.
fn description(refusals: &[&AuthError]) -> String {
    let mut text = String::new();
    for refusal in refusals {
        let separator = if text.is_empty() { "" } else { "\n\n" };
        let _ = write!(text, "{separator}`{}`: {}", refusal.code(), refusal.description());
        let clauses = match refusal {
            AuthError::InsufficientScope(denied) => denied.clause(),
            AuthError::InsufficientUserAuthentication(step_up) => step_up.clause(),
            _ => continue,
        };
        let _ = write!(text, " The route asks for `{clauses}`.");
    }
    text
}

fn header(of: Type, description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(of))).description(Some(description)).build()
}
