//! Named policies with parameters: the parts of a URI from which a route lets a policy read them.
//!
//! A policy with parameters is generic over a tuple of [`Parameter`]s. Its name alone is the policy without them, which
//! cannot be used.

use std::marker::PhantomData;

use rocket::Request;
use rocket::form::FromForm;
use rocket::request::{FromParam, FromSegments};

use super::check::CheckFailure;
use super::parameters::{segment, segments};

/// The arguments of a policy that has not been given any.
pub struct NotGiven;

/// A policy that takes `N` parameters.
#[diagnostic::on_unimplemented(
    message = "wrong number of parameters for the policy `{Self}`: {N}",
    label = "takes a different number of parameters",
    note = "write one name for each field of the struct with `#[policy(…)]`, and no parentheses for a struct without fields"
)]
pub trait TakesParameters<const N: usize, Arguments> {
    /// The policy that reads its parameters from there.
    type Policy;
}

/// The arguments of the policy `P`.
#[diagnostic::on_unimplemented(
    message = "the policy `{P}` takes parameters of the route",
    label = "in an attribute, write their names in parentheses, such as `policy = {P}(id)`",
    note = "`{P}` takes one name for each of its fields, in the same order",
    note = "a guard `Authorized<{P}>` cannot know the parameters: require the policy in the attribute of the route"
)]
pub trait ArgumentsOf<'r, P> {}

/// A part of a URI from which a policy reads a parameter of type `T`.
#[diagnostic::on_unimplemented(
    message = "a policy that is required here takes a parameter as `{T}`",
    label = "takes a parameter of type `{T}`",
    note = "a parameter of the query must have the same type in the handler as in the policy: `{T}`",
    note = "a field that is passed on to another policy must have the same type as there: `{T}`"
)]
pub trait Parameter<'r, T>: 'static {
    /// Parses the parameter.
    fn read(request: &'r Request<'_>) -> Result<T, CheckFailure>;
}

/// The `N`th segment of the path after the mount point.
pub struct AtSegment<const N: usize>;

impl<'r, T: InPath<'r>, const N: usize> Parameter<'r, T> for AtSegment<N> {
    fn read(request: &'r Request<'_>) -> Result<T, CheckFailure> {
        segment(request, N)
    }
}

/// The path from the `N`th segment after the mount point.
pub struct FromSegment<const N: usize>;

impl<'r, T: InRestOfPath<'r>, const N: usize> Parameter<'r, T> for FromSegment<N> {
    fn read(request: &'r Request<'_>) -> Result<T, CheckFailure> {
        segments(request, N)
    }
}

/// A type that is parsed from a segment of the path.
#[diagnostic::on_unimplemented(
    message = "a policy cannot take a segment of the path as `{Self}`",
    label = "the type `{Self}` of the policy's parameter does not implement `FromParam`",
    note = "this route has the parameter in its path, as `<name>`"
)]
pub trait InPath<'r>: FromParam<'r> {}

#[diagnostic::do_not_recommend]
impl<'r, T: FromParam<'r>> InPath<'r> for T {}

/// A type that is parsed from the rest of the path.
#[diagnostic::on_unimplemented(
    message = "a policy cannot take the rest of the path as `{Self}`",
    label = "the type `{Self}` of the policy's parameter does not implement `FromSegments`",
    note = "this route has the parameter in its path, as `<name..>`"
)]
pub trait InRestOfPath<'r>: FromSegments<'r> {}

#[diagnostic::do_not_recommend]
impl<'r, T: FromSegments<'r>> InRestOfPath<'r> for T {}

/// The parts of a URI from which a type can be parsed. Generated code looks them up here. The inherent constants exist only
/// if there is such a part; those of [`NowhereInUri`] exist for all types.
pub struct UriType<T>(PhantomData<T>);

impl<T: FromParam<'static>> UriType<T> {
    /// A segment of the path.
    pub const IN_PATH: bool = true;
}

impl<T: FromSegments<'static>> UriType<T> {
    /// The rest of the path.
    pub const IN_REST_OF_PATH: bool = true;
}

impl<T: FromForm<'static>> UriType<T> {
    /// The query.
    pub const IN_QUERY: bool = true;
}

/// The fallback for a type that is parsed from no part of a URI.
pub trait NowhereInUri {
    /// A segment of the path.
    const IN_PATH: bool = false;
    /// The rest of the path.
    const IN_REST_OF_PATH: bool = false;
    /// The query.
    const IN_QUERY: bool = false;
}

impl<T> NowhereInUri for UriType<T> {}

/// Whether a type can be parsed from some part of a URI.
pub struct Parsed<const IS: bool>;

/// A type that a parameter of a policy can have.
#[diagnostic::on_unimplemented(
    message = "a parameter of a policy cannot be a `{Self}`",
    label = "`{Self}` is parsed from neither the path nor the query of a route",
    note = "the type must implement `FromParam`, `FromSegments` or `FromForm`",
    note = "for managed state or another request guard, add a parameter to the `check` instead of a field: \
            `check = |user, db: &State<Db>| …`"
)]
pub trait ParameterType<Rule> {}

#[diagnostic::do_not_recommend]
impl<T> ParameterType<Parsed<true>> for T {}

/// Asserts at compile time that a parameter of a policy can have a type.
pub const fn assert_parameter_type<T: ParameterType<Rule>, Rule>() {}
