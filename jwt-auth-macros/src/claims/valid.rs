//! Rules that involve more than one attribute.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{DeriveInput, Fields, LitStr, Member, Token};

use super::ast::{Data, Field};
use super::attr::{Mark, Marks};
use super::serde::Names;
use super::version::Version;
use crate::diag::Diag;
use crate::meta;

/// A struct of claims. It is valid if no errors were reported.
pub(crate) struct Claims<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) subject: Option<Subject<'a>>,
    pub(crate) roles: Option<&'a Field<'a>>,
    pub(crate) scope: Option<&'a Field<'a>>,
    pub(crate) version: &'a Version,
    pub(crate) issuer: Option<&'a LitStr>,
    pub(crate) audience: Option<&'a LitStr>,
}

pub(crate) enum Subject<'a> {
    /// A field, and its names in a token.
    Field(&'a Field<'a>, &'a Names),
    /// A path into nested data, which stays in the token.
    Path(&'a Punctuated<Member, Token![.]>),
}

pub(crate) fn check<'a>(data: &'a Data<'a>, diag: &mut Diag) -> Claims<'a> {
    let claims = Claims {
        input: data.input,
        roles: once(data, "roles", |marks| &marks.roles, diag).map(|(field, _)| field),
        scope: once(data, "scope", |marks| &marks.scope, diag).map(|(field, _)| field),
        subject: subject(data, diag),
        version: &data.marks.version,
        issuer: data.marks.issuer.as_ref(),
        audience: data.marks.audience.as_ref(),
    };
    if let (Some(_), Some((key, _))) = (claims.issuer, &claims.version.number) {
        diag.error(
            key,
            "`version` applies to tokens that this app issues, but these claims have another issuer: remove it",
        );
    }
    shape(data, diag);
    claims.version.check(diag);
    for field in &data.fields {
        collisions(field, claims.version, claims.issuer.is_none(), diag);
    }
    claims
}

/// Returns the only field with a mark.
fn once<'a>(
    data: &'a Data<'a>,
    what: &str,
    mark: fn(&Marks) -> &Option<Mark>,
    diag: &mut Diag,
) -> Option<(&'a Field<'a>, &'a Mark)> {
    let mut marked = data.fields.iter().filter_map(|field| Some((field, mark(&field.marks).as_ref()?)));
    let first = marked.next()?;
    for (_, second) in marked {
        let name = first.0.member.to_token_stream();
        diag.error(
            &second.key,
            format!(
                "only one field can be `#[claims({what})]`, and `{name}` already is: remove one of the two"
            ),
        );
    }
    Some(first)
}

fn subject<'a>(data: &'a Data<'a>, diag: &mut Diag) -> Option<Subject<'a>> {
    // An attribute with an error may be the one that marks the subject.
    let attributes_are_fine = diag.is_empty();
    let marked = once(data, "subject", |marks| &marks.subject, diag);
    match (&data.marks.subject, marked) {
        (Some(_), Some((_, second))) => {
            diag.error(
                &second.key,
                "`#[claims(subject = …)]` on the struct already names the subject: remove one of the two",
            );
            None
        }
        (Some(mark), None) => {
            let path = &mark.path.as_ref()?.0;
            first_step(data, path, diag);
            Some(Subject::Path(path))
        }
        (None, Some((field, mark))) => subject_field(field, mark, diag),
        (None, None) => {
            if attributes_are_fine && has_named_fields(data) {
                diag.error(
                    &data.input.ident,
                    "claims need a subject, the id of the user: mark its field with `#[claims(subject)]`, or \
                     write `#[claims(subject = user.id)]` on the struct if the id is nested",
                );
            }
            None
        }
    }
}

/// Checks that the marked field can be the subject.
fn subject_field<'a>(field: &'a Field<'a>, mark: &Mark, diag: &mut Diag) -> Option<Subject<'a>> {
    let name = field.member.to_token_stream();
    if field.serde.key("flatten").is_some() {
        diag.error(
            &mark.key,
            format!(
                "a flattened field cannot be the subject, because it is not a single claim: \
                 write `#[claims(subject = {name}.id)]` on the struct"
            ),
        );
        return None;
    }
    for key in ["skip", "skip_serializing", "skip_deserializing", "skip_serializing_if"] {
        if let Some(skip) = field.serde.key(key) {
            diag.error(skip, format!("every token contains the subject: remove `{key}` from `{name}`"));
            return None;
        }
    }
    let names = field.names.as_ref()?;
    if names.serialize != names.deserialize {
        diag.error(
            field.serde.key("rename").map_or_else(|| name.clone(), ToTokens::to_token_stream),
            format!(
                "the subject must have one name, but it is serialized as `{}` and deserialized as `{}`: \
                 write `#[serde(rename = \"…\")]`",
                names.serialize, names.deserialize
            ),
        );
    }
    Some(Subject::Field(field, names))
}

/// Checks that the path to the subject starts at a field.
fn first_step(data: &Data<'_>, path: &Punctuated<Member, Token![.]>, diag: &mut Diag) {
    let Some(first) = path.first() else { return };
    if !has_named_fields(data) || data.fields.iter().any(|field| field.member == *first) {
        return;
    }
    let text = |member: &Member| member.to_token_stream().to_string();
    let names: Vec<_> = data.fields.iter().map(|field| text(&field.member)).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let (first_name, ident) = (text(first), &data.input.ident);
    diag.error(
        first,
        match meta::suggestion(&first_name, &names) {
            Some(meant) => format!("`{ident}` has no field `{first_name}`: did you mean `{meant}`?"),
            None => format!(
                "`{ident}` has no field `{first_name}`: the path to the subject must start with one of its fields"
            ),
        },
    );
}

/// Checks that the item is a struct that a token's payload can hold.
fn shape(data: &Data<'_>, diag: &mut Diag) {
    let named = || {
        let ident = &data.input.ident;
        format!("claims must be a struct with named fields: write `struct {ident} {{ … }}`")
    };
    match &data.input.data {
        // The module `profiles` expands enums.
        syn::Data::Enum(_) => {}
        syn::Data::Union(shape) => diag.error(shape.union_token, named()),
        syn::Data::Struct(shape) => match &shape.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => diag.error(fields, named()),
            Fields::Unit => diag.error(&data.input.ident, named()),
        },
    }
    for lifetime in data.input.generics.lifetimes() {
        diag.error(
            &lifetime.lifetime,
            "claims cannot borrow, because they outlive the request: use types that own their data, such as `String`",
        );
    }
    if let Some(transparent) = data.serde.key("transparent") {
        diag.error(
            transparent,
            "claims cannot be `transparent`, because the payload of a token is a JSON object: remove it",
        );
    }
    if let Some(tag) = data.serde.text("tag") {
        collision(&tag.value(), tag.to_token_stream(), "tag", diag);
    }
}

/// Rejects names that are reserved in tokens. `is_own`: the app issues these claims.
fn collisions(field: &Field<'_>, version: &Version, is_own: bool, diag: &mut Diag) {
    let Some(names) = &field.names else { return };
    let renamed = field.serde.text("rename").map(|name| name.to_token_stream());
    let tokens = renamed.unwrap_or_else(|| field.member.to_token_stream());
    if names.serialize == "sub" && field.marks.subject.is_none() {
        return diag.error(
            tokens,
            "`sub` is the subject of a token: mark this field with `#[claims(subject)]`, or rename the field",
        );
    }
    if version.is_set() && [&names.serialize, &names.deserialize].contains(&&"ver".to_owned()) {
        return diag.error(
            tokens,
            "jwt-auth sets the claim `ver` itself, because the struct has a `version`: rename the field",
        );
    }
    if collision(&names.serialize, tokens.clone(), "field", diag)
        || collision(&names.deserialize, tokens.clone(), "field", diag)
    {
        return;
    }
    let reserved = [&names.serialize, &names.deserialize].into_iter().find_map(|name| reserved(name, is_own));
    if let Some(problem) = reserved {
        diag.error(tokens, format!("{problem}: rename the field"));
    }
}

/// Returns why a name is reserved, although jwt-auth does not set the claim. An issuer may use its names as it likes, except
/// for `cnf`, with which no token is accepted.
fn reserved(name: &str, is_own: bool) -> Option<&'static str> {
    match name {
        "cnf" => Some("the claim `cnf` binds a token to a key of its client (RFC 7800, section 3.1)"),
        "act" if is_own => Some("the claim `act` names who acts for the subject (RFC 8693, section 4.1)"),
        "may_act" if is_own => {
            Some("the claim `may_act` names who may act for the subject (RFC 8693, section 4.4)")
        }
        "client_id" if is_own => {
            Some("the claim `client_id` names the client that a token was issued to (RFC 8693, section 4.3)")
        }
        _ => None,
    }
}

/// Reports the name of a claim that jwt-auth sets. Returns whether it is one.
fn collision(name: &str, tokens: TokenStream, what: &str, diag: &mut Diag) -> bool {
    let read = match name {
        "exp" => ", and read the claim with `Auth::expires_at`",
        "iat" => ", and read the claim with `Auth::issued_at`",
        "jti" => ", and read the claim with `Auth::token_id`",
        "sid" => ", and read the claim with `Auth::session_id`",
        "auth_time" => ", and read the claim with `Auth::signed_in_at`",
        "acr" => ", and read the claim with `Auth::acr`",
        "iss" | "aud" | "nbf" | "gen" | "rev" => "",
        _ => return false,
    };
    diag.error(tokens, format!("jwt-auth sets the claim `{name}` itself: rename the {what}{read}"));
    true
}

fn has_named_fields(data: &Data<'_>) -> bool {
    matches!(&data.input.data, syn::Data::Struct(shape) if matches!(shape.fields, Fields::Named(_)))
}
