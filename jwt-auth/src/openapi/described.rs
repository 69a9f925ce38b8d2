//! A handler's operation: what its `#[utoipa::path]` says, and what its policy does.

use rocket::http::Status;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{RefOr, Schema};

use super::refusals::responses;
use super::security::Security;

/// An operation, and the schemas that it refers to.
pub struct Described {
    pub(super) operation: Operation,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

/// The operation `P` that utoipa made of a handler, completed.
///
/// Its tags and schemas are told by hidden traits alone, by which utoipa's macros tell each other. They are the same in
/// all of utoipa 6, since that crate takes its macros from whichever 6 there is.
pub fn described_by<P: Path + SchemaReferences + Tags<'static>>(security: &Security) -> Described {
    let mut operation = P::operation();
    let tags = P::tags();
    if !tags.is_empty() {
        operation.tags.get_or_insert_default().extend(tags.into_iter().map(str::to_owned));
    }
    operation.security = Some(security.requirements());
    for (status, response) in responses(&security.refusals()) {
        operation.responses.responses.entry(status).or_insert(response.into());
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = reason(status);
        }
    }
    let mut schemas = Vec::new();
    P::schemas(&mut schemas);
    Described { operation, schemas }
}

/// What stands in for a response's description, which OpenAPI 3.1 asks for and utoipa does not.
fn reason(status: &str) -> String {
    let reason = status.parse().ok().and_then(Status::from_code).and_then(|status| status.reason());
    reason.unwrap_or(status).to_owned()
}

/// What the name of an operation is where there is none.
#[diagnostic::on_unimplemented(
    message = "`#[utoipa::path]` stands above the attribute that says who may call the route",
    label = "move `#[utoipa::path]` below this attribute, above the route attribute"
)]
pub trait NothingAbove {}

#[diagnostic::do_not_recommend]
impl<T, F: Fn() -> T> NothingAbove for F {}

/// Does not compile if there is an operation.
pub const fn nothing_above<T: NothingAbove>(_: &T) {}
