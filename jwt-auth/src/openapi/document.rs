//! The OpenAPI document, which describes the mounted routes.

use std::collections::BTreeSet;

use rocket::http::Method;
use rocket::{Phase, Rocket, Route};
use utoipa::openapi::{HttpMethod, OpenApi};
use utoipa::{PartialSchema, ToSchema};

use super::cookies::access_cookie;
use super::operation::complete;
use super::security;
use crate::error::AuthError;
use crate::policy::registry;

/// Adds the routes of an app to a document: those that are already mounted, were created by
/// [`routes!`](macro@crate::routes), and have `#[utoipa::path]` on their handler. Begin with `Api::openapi()` of a
/// `#[derive(OpenApi)] struct Api;`, which contains the description of the app, and any operations outside of Rocket.
///
/// If routes differ only in a property that OpenAPI does not distinguish (their query, format or rank), the document
/// describes the one that Rocket tries first. The id of an operation is the name of its handler. If another operation
/// already has that id, the operation has none, because ids must be unique. To set one, write
/// `#[utoipa::path(operation_id = "…")]`.
///
/// Session cookies are described if the app has them. This is known for certain once
/// [`JwtAuth::fairing()`](crate::JwtAuth::fairing) has run, so attach it before the fairing that calls this function, as
/// below, or pass an ignited app. Before that, only the settings and the access rules of the routes are known, but not
/// that the code calls [`Fairing::cookies`](crate::Fairing::cookies).
///
/// The document shows policies as they are written in the source, including conditions. If not everyone may see these,
/// protect the route that serves the document: `#[require_auth(…)] #[get("/openapi.json")]`.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// use jwt_auth::JwtAuth;
/// use rocket::fairing::AdHoc;
/// use rocket::serde::json::Json;
/// use rocket::{State, get};
/// use utoipa::OpenApi;
///
/// #[derive(OpenApi)]
/// #[openapi(info(title = "Posts"))]
/// struct Api;
///
/// #[jwt_auth::public]
/// #[get("/openapi.json")]
/// fn openapi(document: &State<utoipa::openapi::OpenApi>) -> Json<&utoipa::openapi::OpenApi> {
///     Json(document.inner())
/// }
///
/// # fn app() {
/// rocket::build()
///     .attach(JwtAuth::fairing())
///     .attach(AdHoc::on_ignite("OpenAPI", |rocket| async {
///         let document = jwt_auth::openapi::document(Api::openapi(), &rocket);
///         rocket.manage(document)
///     }))
///     .mount("/", jwt_auth::routes![openapi]);
/// # }
/// # }
/// ```
pub fn document<P: Phase>(document: OpenApi, rocket: &Rocket<P>) -> OpenApi {
    let mut document = document;
    let mut routes: Vec<&Route> = rocket.routes().collect();
    routes.sort_by_key(|route| route.rank);
    let cookie = access_cookie(rocket);
    let components = document.components.get_or_insert_default();
    let (mut known, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for route in routes {
        let (Some(method), Some(access), Some(mut operation)) =
            (method(route.method), registry::access(route), registry::operation(route))
        else {
            continue;
        };
        let path = path(route.uri.path());
        if !known.insert((path.clone(), method.clone())) {
            continue;
        }
        components.schemas.extend(std::mem::take(&mut operation.schemas));
        let mut operation = complete(operation, &access, route.method, cookie.is_some());
        operation.operation_id = operation.operation_id.filter(|id| ids.insert(id.clone()));
        document.paths.add_path_operation(path, vec![method], operation);
    }
    components.schemas.entry(AuthError::name().into()).or_insert_with(AuthError::schema);
    components
        .security_schemes
        .entry(security::BEARER.to_owned())
        .or_insert_with(|| security::bearer().into());
    if let Some(name) = cookie {
        let scheme = components.security_schemes.entry(security::COOKIE.to_owned());
        scheme.or_insert_with(|| security::cookie(&name).into());
    }
    document
}

/// Converts a method, if OpenAPI supports it.
fn method(method: Method) -> Option<HttpMethod> {
    Some(match method {
        Method::Get => HttpMethod::Get,
        Method::Put => HttpMethod::Put,
        Method::Post => HttpMethod::Post,
        Method::Delete => HttpMethod::Delete,
        Method::Options => HttpMethod::Options,
        Method::Head => HttpMethod::Head,
        Method::Trace => HttpMethod::Trace,
        Method::Patch => HttpMethod::Patch,
        _ => return None,
    })
}

/// Converts Rocket's `/users/<id>` to OpenAPI's `/users/{id}`. Parameters without a name get the names that utoipa
/// gives them.
fn path(path: &str) -> String {
    let mut unnamed = 0;
    let segments = path.split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('<').and_then(|name| name.strip_suffix('>')) else {
            return segment.to_owned();
        };
        match name.trim_end_matches("..") {
            "_" => {
                unnamed += 1;
                format!("{{arg{}}}", unnamed - 1)
            }
            name => format!("{{{name}}}"),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_templates() {
        for (rocket, expected) in [
            ("/", "/"),
            ("/users/<id>", "/users/{id}"),
            ("/files/<path..>", "/files/{path}"),
            ("/<_>/a/<_>/<_..>", "/{arg0}/a/{arg1}/{arg2}"),
        ] {
            assert_eq!(super::path(rocket), expected);
        }
    }
}
