//! OpenAPI documents: how they describe the policies of routes.

use jwt_auth::openapi::document;
use jwt_auth::{Credentials, MaybeAuth, policy, public, require_auth};
use jwt_auth_tests::assert_is_openapi;
use rocket::get;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::app::{Role, User, rocket};

#[policy(User, strict, any(role = Role::Editor, scope = "posts:write"))]
struct CanEdit;

#[public]
#[utoipa::path(responses((status = 200)))]
#[get("/public")]
fn public_route() {}

#[require_auth]
#[utoipa::path(responses((status = 200)))]
#[get("/any")]
fn any_token() {}

#[require_auth(optional)]
#[utoipa::path(responses((status = 200)))]
#[get("/optional")]
fn optional(user: MaybeAuth<User>) -> String {
    user.is_some().to_string()
}

#[require_auth(User, role = Role::Admin)]
#[utoipa::path(responses((status = 200)))]
#[get("/role")]
fn role() {}

#[require_auth(User, scope = "a b", any(scope = "c", all(role = Role::Admin, scope = "c d")))]
#[utoipa::path(responses((status = 200)))]
#[get("/scopes")]
fn scopes() {}

#[require_auth(policy = CanEdit, check = |user, id| user.id == id, not(scope = "suspended"))]
#[utoipa::path(responses((status = 200)))]
#[get("/named/<id>?<page>")]
fn named(id: u64, page: Option<u8>) -> String {
    format!("{id} {page:?}")
}

#[require_auth(User, fresh = "5m", acr = "gold silver")]
#[utoipa::path(responses((status = 200)))]
#[get("/sign-in")]
fn sign_in() {}

#[require_auth(strict)]
#[utoipa::path(
    responses((status = 200, description = "Good"), (status = 401, description = "Bad")),
    security(("api_key" = []))
)]
#[get("/own")]
fn own_words() {}

#[public]
#[utoipa::path(request_body = String, responses((status = 200)))]
#[get("/sign-up", data = "<name>")]
fn sign_up(name: Credentials<String>) -> String {
    name.into_inner()
}

#[require_auth]
#[utoipa::path(request_body = String, responses((status = 200), (status = 422, description = "No name")))]
#[get("/rename", data = "<name>")]
fn rename(name: jwt_auth::Credentials<String>) -> String {
    name.into_inner()
}

#[require_auth(User, or_not_found, scope = "a", fresh = "5m")]
#[utoipa::path(responses((status = 200)))]
#[get("/hidden")]
fn hidden() {}

#[require_auth(User, or_not_found, role = Role::Admin)]
#[utoipa::path(responses((status = 200), (status = 404, description = "No such post")))]
#[get("/hidden/<id>")]
fn hidden_post(id: u64) -> String {
    id.to_string()
}

/// The paths of the document; the routes are mounted at `/api`.
fn described() -> Value {
    #[derive(OpenApi)]
    struct Api;

    let routes = jwt_auth::routes![
        public_route,
        any_token,
        optional,
        role,
        scopes,
        named,
        sign_in,
        own_words,
        sign_up,
        rename,
        hidden,
        hidden_post
    ];
    let document = document(Api::openapi(), &rocket().mount("/api", routes));
    let document = serde_json::to_value(document).expect("JSON");
    assert_is_openapi(&document);
    document["paths"].clone()
}

#[test]
fn operations_reflect_their_policies() {
    let paths = described();
    for (path, security, statuses) in [
        ("/api/public", json!([]), &["200"][..]),
        ("/api/any", json!([{ "bearer": [] }]), &["200", "400", "401"]),
        ("/api/optional", json!([{}, { "bearer": [] }]), &["200", "400", "401"]),
        ("/api/role", json!([{ "bearer": [] }]), &["200", "400", "401", "403"]),
        ("/api/scopes", json!([{ "bearer": ["a", "b", "c"] }]), &["200", "400", "401", "403"]),
        ("/api/named/{id}", json!([{ "bearer": [] }]), &["200", "400", "401", "403", "503"]),
        ("/api/sign-in", json!([{ "bearer": [] }]), &["200", "400", "401"]),
        ("/api/own", json!([{ "bearer": [] }]), &["200", "400", "401", "503"]),
        ("/api/hidden", json!([{ "bearer": ["a"] }]), &["200", "400", "401", "404"]),
        ("/api/hidden/{id}", json!([{ "bearer": [] }]), &["200", "400", "401", "404"]),
        ("/api/sign-up", json!([]), &["200", "400", "413", "422"]),
        ("/api/rename", json!([{ "bearer": [] }]), &["200", "400", "401", "413", "422"]),
    ] {
        let operation = &paths[path]["get"];
        assert_eq!(operation["security"], security, "{path}");
        let responses = operation["responses"].as_object().expect("responses");
        assert_eq!(responses.keys().map(String::as_str).collect::<Vec<_>>(), statuses, "{path}");
    }
}

#[test]
fn responses_quote_the_policy_from_the_source() {
    let paths = described();
    for (path, status, expected) in [
        ("/api/role", "403", "The route requires `role = Role::Admin`."),
        (
            "/api/named/{id}",
            "403",
            "The route requires `all(policy = CanEdit { any(role = Role::Editor, scope = \"posts:write\") }, \
             check = |user, id| user.id == id, not(scope = \"suspended\"))`.",
        ),
        ("/api/sign-in", "401", "The route requires `fresh = \"5m\", acr = \"gold silver\"`."),
    ] {
        let description = paths[path]["get"]["responses"][status]["description"].as_str().expect("text");
        assert!(description.ends_with(expected), "{path}: {description}");
    }
    let examples = |path: &str, status: &str| {
        paths[path]["get"]["responses"][status]["content"]["application/json"]["examples"].clone()
    };
    assert_eq!(examples("/api/scopes", "403")["insufficient_scope"]["value"]["scope"], "a b c");
    let step_up = &examples("/api/sign-in", "401")["insufficient_user_authentication"]["value"];
    assert_eq!((&step_up["max_age"], &step_up["acr_values"]), (&json!(300), &json!("gold silver")));
    let malformed = examples("/api/rename", "400");
    let malformed = malformed.as_object().expect("examples").values();
    let descriptions: Vec<_> =
        malformed.map(|example| example["value"]["error_description"].clone()).collect();
    assert_eq!(
        descriptions,
        ["The Authorization header must contain exactly one bearer token.", "The body must be JSON."]
    );
    assert_eq!(
        examples("/api/optional", "401").as_object().expect("examples").len(),
        1,
        "only an invalid token"
    );
}

#[test]
fn the_handlers_own_descriptions_are_kept() {
    let responses = &described()["/api/own"]["get"]["responses"];
    assert_eq!(responses["401"], json!({ "description": "Bad" }));
    assert_eq!(responses["200"]["description"], "Good");
    let rename = &described()["/api/rename"]["get"]["responses"];
    assert_eq!(rename["422"], json!({ "description": "No name" }));
    let hidden = &described()["/api/hidden/{id}"]["get"]["responses"];
    assert_eq!(hidden["404"], json!({ "description": "No such post" }));
}

#[test]
fn a_hidden_denial_has_no_body_of_its_own() {
    let responses = &described()["/api/hidden"]["get"]["responses"];
    let description = "Not found, or the caller has no access.";
    assert_eq!(responses["404"], json!({ "description": description }));
}

#[test]
fn parameters_are_described() {
    let parameters = described()["/api/named/{id}"]["get"]["parameters"].clone();
    let names: Vec<_> =
        parameters.as_array().expect("a list").iter().map(|one| (&one["name"], &one["in"])).collect();
    assert_eq!(names, [(&json!("id"), &json!("path")), (&json!("page"), &json!("query"))]);
}

#[require_auth]
#[cfg_attr(all(), utoipa::path(responses((status = 200))))]
#[get("/behind-cfg")]
fn behind_cfg() {}

#[require_auth]
#[cfg_attr(any(), utoipa::path(responses((status = 200))))]
#[get("/cfg-is-off")]
fn cfg_is_off() {}

#[require_auth]
#[get("/undescribed")]
fn undescribed() {}

#[test]
fn only_described_routes_are_in_the_document() {
    let routes = jwt_auth::routes![behind_cfg, cfg_is_off, undescribed, any_token];
    let document = document(utoipa::openapi::OpenApi::default(), &rocket().mount("/", routes));
    let paths: Vec<&str> = document.paths.paths.keys().map(String::as_str).collect();
    assert_eq!(paths, ["/any", "/behind-cfg"]);
}

mod other {
    use super::*;

    #[public]
    #[utoipa::path(responses((status = 200, description = "The other")))]
    #[get("/any")]
    pub(super) fn any_token() {}
}

#[test]
fn handlers_with_the_same_name_are_kept_apart() {
    let rocket =
        rocket().mount("/a", jwt_auth::routes![any_token]).mount("/b", jwt_auth::routes![other::any_token]);
    let document = document(utoipa::openapi::OpenApi::default(), &rocket);
    let operation = |path: &str| document.paths.paths[path].get.as_ref().expect("an operation");
    assert!(!operation("/a/any").security.as_ref().expect("a security requirement").is_empty());
    assert!(operation("/b/any").security.as_ref().expect("a security requirement").is_empty());
    let ids = ["/a/any", "/b/any"].map(|path| operation(path).operation_id.as_deref());
    assert_eq!(ids.iter().flatten().count(), 1, "ids are unique: {ids:?}");
}

#[test]
fn the_first_of_several_routes_with_one_openapi_path_is_described() {
    #[require_auth]
    #[utoipa::path(responses((status = 200)))]
    #[get("/page", rank = 2)]
    fn second() {}

    #[public]
    #[utoipa::path(responses((status = 200)))]
    #[get("/page?draft", rank = 1)]
    fn first() {}

    let rocket = rocket().mount("/", jwt_auth::routes![second, first]);
    let document = document(utoipa::openapi::OpenApi::default(), &rocket);
    let described = document.paths.paths["/page"].get.as_ref().expect("an operation");
    assert_eq!(described.operation_id.as_deref(), Some("first"));
}
