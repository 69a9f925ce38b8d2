//! Schemas of types that serialize as something else.

use std::borrow::Cow;

use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::auth::Auth;
use crate::error::AuthError;
use crate::guard::ErrorFields;

/// The schema of the body of an error response, as [`catchers`](crate::catchers) send it.
impl PartialSchema for AuthError {
    fn schema() -> RefOr<Schema> {
        ErrorFields::schema()
    }
}

impl ToSchema for AuthError {}

/// The schema of the claims.
impl<C: PartialSchema> PartialSchema for Auth<C> {
    fn schema() -> RefOr<Schema> {
        C::schema()
    }
}

impl<C: ToSchema> ToSchema for Auth<C> {
    fn name() -> Cow<'static, str> {
        C::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        C::schemas(schemas);
    }
}
