//! Request bodies, as JSON or as a form.

use rocket::data::FromData;
use rocket::form::{self, DataField, Form, FromForm, Options, ValueField};
use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Forward, Success};
use rocket::request::Request;
use rocket::route::Outcome;
use rocket::{Data, async_trait};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cookies::Fetch;
use crate::error::{AuthError, MalformedCredentials};
use crate::guard::{Credentials, Next, SignInAgain};

/// The fields of a form, and the page that its field `next` names.
pub(super) struct WithNext<'f, T> {
    /// The fields, or the name of the one that cannot be parsed, if it is known.
    fields: Result<T, Option<String>>,
    next: Next<'f>,
}

/// The parsing state of a [`WithNext`].
pub(super) struct Parsing<'f, T: FromForm<'f>> {
    fields: T::Context,
    next: Option<Next<'f>>,
}

/// The fields of a body that may contain a refresh token.
#[derive(Deserialize, rocket::FromForm)]
struct RefreshToken {
    refresh_token: Option<String>,
}

/// A body that may contain a refresh token.
pub(super) struct Presented<'r> {
    /// The token, or the error to report if one is required.
    pub(super) token: Result<String, MalformedCredentials>,
    /// The page to go to next, if the body is a form.
    pub(super) next: Option<Next<'r>>,
}

#[async_trait]
impl<'f, T: FromForm<'f>> FromForm<'f> for WithNext<'f, T> {
    type Context = Parsing<'f, T>;

    fn init(options: Options) -> Parsing<'f, T> {
        Parsing { fields: T::init(options), next: None }
    }

    fn push_value(parsing: &mut Parsing<'f, T>, field: ValueField<'f>) {
        match field.name.source().as_str() {
            "next" => parsing.next = Next::parse(field.value),
            _ => T::push_value(&mut parsing.fields, field),
        }
    }

    async fn push_data(parsing: &mut Parsing<'f, T>, field: DataField<'f, '_>) {
        T::push_data(&mut parsing.fields, field).await;
    }

    fn finalize(parsing: Parsing<'f, T>) -> form::Result<'f, Self> {
        let fields = T::finalize(parsing.fields)
            .map_err(|errors| errors.iter().find_map(|error| error.name.as_ref().map(ToString::to_string)));
        Ok(Self { fields, next: parsing.next.unwrap_or_default() })
    }
}

/// Reads the credentials of a user and, if the body is a form, the page to go to next.
///
/// # Errors
///
/// The response to a malformed body.
pub(super) async fn credentials<'r, C>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<(C, Option<Next<'r>>), Outcome<'r>>
where
    C: DeserializeOwned + for<'f> FromForm<'f> + Send,
{
    if !is_form(request) {
        return Ok((json(request, data).await?, None));
    }
    let (error, next) = match form(request, data).await {
        Ok(WithNext { fields: Ok(fields), next }) => return Ok((fields, Some(next))),
        Ok(WithNext { fields: Err(field), next }) => (MalformedCredentials::WrongForm { field }.into(), next),
        Err(error) => (error, <Next<'_> as Default>::default()),
    };
    Err(Outcome::from(request, SignInAgain(error, next)))
}

/// Reads a body that may contain a refresh token.
///
/// # Errors
///
/// The response to a malformed body.
pub(super) async fn refresh_token<'r>(
    request: &'r Request<'_>,
    mut data: Data<'r>,
) -> Result<Presented<'r>, Outcome<'r>> {
    let (token, next) = if is_form(request) {
        let form = form::<RefreshToken>(request, data).await;
        let WithNext { fields, next } = form.map_err(|error| Outcome::from(request, error))?;
        (fields.ok().and_then(|fields| fields.refresh_token), Some(next))
    } else if data.peek(1).await.is_empty() {
        return Ok(Presented { token: Err(MalformedCredentials::NotJson), next: None });
    } else {
        (json::<RefreshToken>(request, data).await?.refresh_token, None)
    };
    let missing = || MalformedCredentials::WrongForm { field: Some("refresh_token".to_owned()) };
    Ok(Presented { token: token.ok_or_else(missing), next })
}

/// Reads the page to go to next, if the body is a form.
///
/// # Errors
///
/// The response to a malformed form.
pub(super) async fn next<'r>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<Option<Next<'r>>, Outcome<'r>> {
    match is_form(request) {
        true => Ok(refresh_token(request, data).await?.next),
        false => Ok(None),
    }
}

pub(super) fn is_form(request: &Request<'_>) -> bool {
    Fetch::of(request).is_form
}

async fn json<'r, T: DeserializeOwned>(request: &'r Request<'_>, data: Data<'r>) -> Result<T, Outcome<'r>> {
    match Credentials::from_data(request, data).await {
        Success(body) => Ok(Credentials::into_inner(body)),
        Error((_, reason)) => Err(Outcome::from(request, AuthError::from(reason))),
        Forward((data, status)) => Err(Forward((data, status))),
    }
}

async fn form<'r, T: FromForm<'r>>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<WithNext<'r, T>, AuthError> {
    match Form::<WithNext<'r, T>>::from_data(request, data).await {
        Success(form) => Ok(form.into_inner()),
        Error((Status::PayloadTooLarge, _)) => Err(MalformedCredentials::TooLong.into()),
        Error(_) | Forward(_) => Err(MalformedCredentials::WrongForm { field: None }.into()),
    }
}
