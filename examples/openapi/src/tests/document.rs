//! The routes of the document, and their access rules.

use std::collections::BTreeSet;

use rocket::serde::json::{Value, json};

use super::{Operation, client, document, operations};

/// The routes of the documentation itself.
const UNDOCUMENTED: [&str; 3] = ["/openapi.json", "/docs", "/docs/{file}"];

#[test]
fn every_route_is_described() {
    let client = client();
    let document = document(&client);
    for route in client.rocket().routes() {
        let path = route.uri.path().replace('<', "{").replace('>', "}");
        let method = route.method.as_str().to_lowercase();
        let is_described = document["paths"][&path][method].is_object();
        assert_eq!(is_described, !UNDOCUMENTED.contains(&path.as_str()), "{route}");
    }
}

#[test]
fn the_access_rules_are_described() {
    let document = document(&client());
    for (method, path, security) in [
        ("post", "/login", json!([])),
        ("post", "/refresh", json!([])),
        ("get", "/greeting", json!([{}, { "bearer": [] }])),
        ("get", "/me", json!([{ "bearer": [] }])),
        ("get", "/users/{id}", json!([{ "bearer": [] }])),
        ("get", "/users", json!([{ "bearer": [] }])),
        ("get", "/statistics", json!([{ "bearer": ["statistics:read"] }])),
    ] {
        assert_eq!(document["paths"][path][method]["security"], security, "{path}");
    }
    assert_eq!(operations(&document).len(), 7);
    assert_eq!(
        document["paths"]["/users"]["get"]["responses"]["403"]["description"],
        "`insufficient_scope`: The access token does not permit this. The route requires `role = Role::Admin`."
    );
}

#[test]
fn a_route_requires_a_token_if_the_document_says_so() {
    let client = client();
    for Operation { method, path, described } in operations(&document(&client)) {
        let anonymous = client.req(method, path.replace("{id}", "1")).dispatch();
        let is_challenged = anonymous.headers().contains("WWW-Authenticate");
        let alternatives = described["security"].as_array().expect("a list");
        let is_required = !alternatives.is_empty() && !alternatives.contains(&json!({}));
        assert_eq!(is_challenged, is_required, "{method} {path}");
    }
}

#[test]
fn every_reference_and_every_parameter_is_defined_and_operation_ids_are_unique() {
    let document = document(&client());
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    assert!(references.contains("#/components/schemas/User"), "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }

    let mut ids = BTreeSet::new();
    for Operation { path, described, .. } in operations(&document) {
        assert!(ids.insert(described["operationId"].to_string()), "{}", described["operationId"]);
        let parameters = described["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let is_defined = parameters.iter().any(|parameter| parameter["name"] == "id");
        assert_eq!(is_defined, path.contains("{id}"), "{path}");
    }
}

fn collect_references<'d>(value: &'d Value, references: &mut BTreeSet<&'d str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect_references(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_references(value, references)),
        _ => {}
    }
}
