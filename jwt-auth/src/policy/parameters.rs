//! The parameters of a condition in addition to the claims: the route's parameters, parsed as Rocket parses them for
//! the handler, and request guards.

use std::any::type_name;
use std::future::Future;
use std::pin::Pin;

use rocket::Request;
use rocket::form::{FromForm, Options, ValueField};
use rocket::http::Status;
use rocket::request::{FromParam, FromRequest, FromSegments, Outcome};

use super::check::CheckFailure;
use crate::error::AuthError;

/// Parses the `n`th segment of the path after the mount point.
pub fn segment<'r, T: FromParam<'r>>(request: &'r Request<'_>, n: usize) -> Result<T, CheckFailure> {
    match request.param(n) {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) => Err(CheckFailure::Forward(Status::UnprocessableEntity)),
        None => Err(AuthError::internal("a policy was used on a route with a different path").into()),
    }
}

/// Parses the rest of the path, from the `n`th segment after the mount point.
pub fn segments<'r, T: FromSegments<'r>>(request: &'r Request<'_>, n: usize) -> Result<T, CheckFailure> {
    request.segments(n..).map_err(|_| CheckFailure::Forward(Status::UnprocessableEntity))
}

/// Parses a field of the query as Rocket does for a handler: fields with a fixed value in the route's URI are ignored,
/// and a missing field may have a default.
pub fn query<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    name: &str,
    fixed: &[(&str, &str)],
) -> Result<T, CheckFailure> {
    read(fields(request, fixed).filter(|field| field.name.key_lossy() == name).map(ValueField::shift))
}

/// Parses the fields of the query that have no parameter of their own.
pub fn query_rest<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    named: &[&str],
    fixed: &[(&str, &str)],
) -> Result<T, CheckFailure> {
    read(fields(request, fixed).filter(|field| !named.contains(&field.name.key_lossy().as_str())))
}

fn fields<'r>(request: &'r Request<'_>, fixed: &[(&str, &str)]) -> impl Iterator<Item = ValueField<'r>> {
    let fields = request.uri().query().into_iter().flat_map(|query| query.segments());
    fields.filter(|field| !fixed.contains(field)).map(ValueField::from)
}

fn read<'r, T: FromForm<'r>>(fields: impl Iterator<Item = ValueField<'r>>) -> Result<T, CheckFailure> {
    let mut form = T::init(Options::Lenient);
    fields.for_each(|field| T::push_value(&mut form, field));
    T::finalize(form).map_err(|_| CheckFailure::Forward(Status::UnprocessableEntity))
}

/// A request guard that a condition takes as a parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a parameter of this route nor a request guard",
    label = "a `check` cannot take `{Self}`",
    note = "a parameter of the path or the query must have the same name as in the route's URI",
    note = "managed state is `&State<T>`; any other guard must implement `FromRequest`"
)]
pub trait Guard<'r>: FromRequest<'r> {}

#[diagnostic::do_not_recommend]
impl<'r, G: FromRequest<'r>> Guard<'r> for G {}

/// Runs a request guard. The future is boxed to hide its type: for a guard that borrows, the compiler could not prove
/// that the future is `Send`.
pub fn guard<'r, G: Guard<'r> + 'r>(
    request: &'r Request<'_>,
) -> Pin<Box<dyn Future<Output = Result<G, CheckFailure>> + Send + 'r>> {
    Box::pin(async move {
        match G::from_request(request).await {
            Outcome::Success(guard) => Ok(guard),
            Outcome::Forward(status) => Err(CheckFailure::Forward(status)),
            Outcome::Error((status, error)) => {
                let error = format!("the guard `{}` of a condition failed: {error:?}", type_name::<G>());
                Err(CheckFailure::Guard(status, AuthError::internal(error)))
            }
        }
    })
}
