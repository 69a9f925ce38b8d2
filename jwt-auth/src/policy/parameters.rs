//! What a condition may take beside the claims: the route's parameters, read as Rocket reads them for
//! the handler, and request guards.

use std::any::type_name;
use std::future::Future;
use std::pin::Pin;

use rocket::Request;
use rocket::form::{FromForm, Options, ValueField};
use rocket::http::Status;
use rocket::request::{FromParam, FromRequest, FromSegments, Outcome};

use super::check::Stop;
use crate::error::AuthError;

/// The path's `n`th segment behind the mount point.
pub fn segment<'r, T: FromParam<'r>>(request: &'r Request<'_>, n: usize) -> Result<T, Stop> {
    match request.param(n) {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) => Err(Stop::Forward(Status::UnprocessableEntity)),
        None => Err(AuthError::internal("a policy was asked on a route of another path").into()),
    }
}

/// The path from its `n`th segment behind the mount point on.
pub fn segments<'r, T: FromSegments<'r>>(request: &'r Request<'_>, n: usize) -> Result<T, Stop> {
    request.segments(n..).map_err(|_| Stop::Forward(Status::UnprocessableEntity))
}

/// A field of the query, as Rocket reads it for a handler: fields that the route's URI fixes are not
/// looked at, and what is missing may have a default.
pub fn query<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    name: &str,
    fixed: &[(&str, &str)],
) -> Result<T, Stop> {
    read(fields(request, fixed).filter(|field| field.name.key_lossy() == name).map(ValueField::shift))
}

/// The fields of the query that have no parameter of their own.
pub fn query_rest<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    named: &[&str],
    fixed: &[(&str, &str)],
) -> Result<T, Stop> {
    read(fields(request, fixed).filter(|field| !named.contains(&field.name.key_lossy().as_str())))
}

fn fields<'r>(request: &'r Request<'_>, fixed: &[(&str, &str)]) -> impl Iterator<Item = ValueField<'r>> {
    let fields = request.uri().query().into_iter().flat_map(|query| query.segments());
    fields.filter(|field| !fixed.contains(field)).map(ValueField::from)
}

fn read<'r, T: FromForm<'r>>(fields: impl Iterator<Item = ValueField<'r>>) -> Result<T, Stop> {
    let mut form = T::init(Options::Lenient);
    fields.for_each(|field| T::push_value(&mut form, field));
    T::finalize(form).map_err(|_| Stop::Forward(Status::UnprocessableEntity))
}

/// What a condition may take that is no parameter of the route.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a parameter of this route nor a request guard",
    label = "a condition cannot get a `{Self}`",
    note = "parameters of the path and the query are taken by the names that they have in the route's URI",
    note = "managed state is taken as `&State<T>`; anything else must implement `FromRequest`"
)]
pub trait Guard<'r>: FromRequest<'r> {}

#[diagnostic::do_not_recommend]
impl<'r, G: FromRequest<'r>> Guard<'r> for G {}

/// A request guard. The future is boxed, since what it holds does not have to be known then: with a guard
/// that borrows, the compiler could not tell that it is `Send`.
pub fn guard<'r, G: Guard<'r> + 'r>(
    request: &'r Request<'_>,
) -> Pin<Box<dyn Future<Output = Result<G, Stop>> + Send + 'r>> {
    Box::pin(async move {
        match G::from_request(request).await {
            Outcome::Success(guard) => Ok(guard),
            Outcome::Forward(status) => Err(Stop::Forward(status)),
            Outcome::Error((status, error)) => {
                let error = format!("the guard `{}` of a condition failed: {error:?}", type_name::<G>());
                Err(Stop::Guard(status, AuthError::internal(error)))
            }
        }
    })
}
