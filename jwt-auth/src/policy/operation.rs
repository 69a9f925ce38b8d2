//! The OpenAPI operation of a handler, as its `#[utoipa::path]` describes it.

use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::{RefOr, Schema, path};

/// An operation, and the schemas that it refers to.
pub struct Operation {
    pub(crate) operation: path::Operation,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
    /// Whether the body is a `Credentials`.
    pub(crate) reads_credentials: bool,
}

impl Operation {
    /// Returns the operation that utoipa generated for a handler.
    ///
    /// Its tags and schemas are available only through hidden traits, which utoipa's macros use. These traits are the
    /// same in all of utoipa 6, because that crate accepts any version 6 of its macros.
    pub fn of<P: Path + SchemaReferences + Tags<'static>>(reads_credentials: bool) -> Self {
        let mut operation = P::operation();
        let tags = P::tags();
        if !tags.is_empty() {
            operation.tags.get_or_insert_default().extend(tags.into_iter().map(str::to_owned));
        }
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        Self { operation, schemas, reads_credentials }
    }
}

/// A name that does not belong to an operation.
#[diagnostic::on_unimplemented(
    message = "`#[utoipa::path]` is above the access rule of the route",
    label = "move `#[utoipa::path]` between this attribute and the route attribute"
)]
pub trait NothingAbove {}

#[diagnostic::do_not_recommend]
impl<T, F: Fn() -> T> NothingAbove for F {}

/// Fails to compile if the operation exists.
pub const fn nothing_above<T: NothingAbove>(_: &T) {}
