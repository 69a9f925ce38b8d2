//! The OpenAPI operations of the session routes.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{Array, KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::sessions::{Current, ListedSession};
use crate::error::AuthError;
use crate::policy::Operation;
use crate::session::{Session, TokenPair};

/// Returns the function that describes the route with this name.
pub(super) fn operation(name: &'static str) -> fn() -> Option<Operation> {
    match name {
        "session_login" => login,
        "session_refresh" => refresh,
        "session_reauthenticate" => reauthenticate,
        "session_logout" => logout,
        "session_logout_all" => logout_all,
        "session_current" => session,
        "session_list" => sessions,
        "session_end" => end_session,
        _ => end_other_sessions,
    }
}

fn login() -> Option<Operation> {
    let credentials = ObjectBuilder::new().description(Some("The credentials of a user.")).into();
    let operation = Described::new("session_login", "Signs a user in.").body(credentials, Required::True);
    operation.tokens().error(401, "Invalid username or password.").throttled().finish()
}

fn refresh() -> Option<Operation> {
    let operation = Described::new("session_refresh", "Exchanges a refresh token for a new pair of tokens.");
    let operation = operation.body(refresh_token(), Required::False).tokens();
    operation.error(401, "The session has ended. Sign in again.").finish()
}

fn reauthenticate() -> Option<Operation> {
    let body = ObjectBuilder::new()
        .property("refresh_token", ObjectBuilder::new().schema_type(Type::String))
        .description(Some("The credentials of a user. A browser with session cookies sends no token."))
        .into();
    let operation =
        Described::new("session_reauthenticate", "Signs the user of a session in again, without ending it.");
    let operation = operation.body(body, Required::True).tokens();
    let operation = operation.error(401, "Invalid username or password, or the session has ended.");
    operation.throttled().finish()
}

fn logout() -> Option<Operation> {
    let operation = Described::new("session_logout", "Ends the session of the caller.");
    operation.body(refresh_token(), Required::False).done("The session has ended.").finish()
}

fn logout_all() -> Option<Operation> {
    Described::new("session_logout_all", "Ends all sessions of the caller.")
        .done("The sessions have ended.")
        .finish()
}

fn session() -> Option<Operation> {
    Described::new("session_current", "Returns who is signed in.").schema::<Current>().finish()
}

fn sessions() -> Option<Operation> {
    let list = Schema::Array(Array::new(Ref::from_schema_name(ListedSession::name())));
    let operation = Described::new("session_list", "Returns the sessions of the caller, newest first.");
    operation.responds(list.into()).refers_to::<ListedSession>().refers_to::<Session>().finish()
}

fn end_session() -> Option<Operation> {
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let id = ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(id));
    let mut described =
        Described::new("session_end", "Ends a session of the caller.").done("The session has ended.");
    described.operation = described.operation.parameter(id);
    described.error(404, "The caller has no such session.").finish()
}

fn end_other_sessions() -> Option<Operation> {
    let operation = Described::new("session_end_others", "Ends all sessions of the caller except this one.");
    operation.done("The sessions have ended.").finish()
}

/// A builder for the operation of a route.
struct Described {
    operation: OperationBuilder,
    schemas: Vec<(String, RefOr<Schema>)>,
    reads_credentials: bool,
}

impl Described {
    fn new(id: &str, summary: &str) -> Self {
        let operation = OperationBuilder::new().operation_id(Some(id)).summary(Some(summary)).tag("session");
        Self { operation, schemas: Vec::new(), reads_credentials: false }
            .error(503, "The store is unavailable. Try again.")
    }

    /// Adds a body, as JSON or as a form.
    fn body(mut self, schema: RefOr<Schema>, required: Required) -> Self {
        let content = || ContentBuilder::new().schema(Some(schema.clone())).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content())
            .content("application/x-www-form-urlencoded", content())
            .required(Some(required));
        self.operation = self.operation.request_body(Some(body.build()));
        self.reads_credentials = true;
        self.error(403, "A page on another site caused the request.")
    }

    /// Adds the response of a route that issues tokens.
    fn tokens(self) -> Self {
        let in_cookies = ObjectBuilder::new()
            .description(Some("For a browser, which gets the tokens in cookies."))
            .property("expires_in", ObjectBuilder::new().schema_type(Type::Integer));
        let either = utoipa::openapi::schema::OneOfBuilder::new()
            .item(Ref::from_schema_name(TokenPair::name()))
            .item(in_cookies);
        self.responds(either.into()).refers_to::<TokenPair>().redirect()
    }

    /// Adds the responses of a route that ends sessions.
    fn done(mut self, description: &str) -> Self {
        let response = ResponseBuilder::new().description(description).build();
        self.operation = self.operation.response("204", response);
        self.redirect()
    }

    fn redirect(mut self) -> Self {
        let response = ResponseBuilder::new().description("For a form: a redirect to the next page.").build();
        self.operation = self.operation.response("303", response);
        self
    }

    fn schema<T: ToSchema>(self) -> Self {
        self.responds(Ref::from_schema_name(T::name()).into()).refers_to::<T>()
    }

    fn responds(mut self, schema: RefOr<Schema>) -> Self {
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description("OK").content("application/json", content).build();
        self.operation = self.operation.response("200", response);
        self
    }

    fn error(mut self, status: u16, description: &str) -> Self {
        let schema = Ref::from_schema_name(AuthError::name());
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(description).content("application/json", content);
        self.operation = self.operation.response(status.to_string(), response.build());
        self
    }

    fn throttled(self) -> Self {
        self.error(429, "Too many attempts to sign in. `Retry-After` says when the next one is permitted.")
    }

    fn refers_to<T: PartialSchema + ToSchema>(mut self) -> Self {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        self
    }

    fn finish(self) -> Option<Operation> {
        let Self { operation, schemas, reads_credentials } = self;
        Some(Operation { operation: operation.build(), schemas, reads_credentials })
    }
}

fn refresh_token() -> RefOr<Schema> {
    let token = ObjectBuilder::new().schema_type(Type::String);
    ObjectBuilder::new()
        .property("refresh_token", token)
        .description(Some("A browser with session cookies sends no token."))
        .into()
}
