//! The rules that span more than one attribute.

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
    /// A path into nested data, which stays in the token as well.
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
            "`version` is written into the tokens that this app signs, and these are of another issuer: remove it",
        );
    }
    shape(data, diag);
    claims.version.check(diag);
    for field in &data.fields {
        collisions(field, claims.version, diag);
    }
    claims
}

/// The only field with a mark.
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
            format!("claims have one `#[claims({what})]` field, and `{name}` is marked already: keep one of the two"),
        );
    }
    Some(first)
}

fn subject<'a>(data: &'a Data<'a>, diag: &mut Diag) -> Option<Subject<'a>> {
    // An error in an attribute may concern the subject. Then it is not reported as missing as well.
    let attributes_are_fine = diag.is_empty();
    let marked = once(data, "subject", |marks| &marks.subject, diag);
    match (&data.marks.subject, marked) {
        (Some(_), Some((_, second))) => {
            diag.error(
                &second.key,
                "claims have one subject, and `#[claims(subject = …)]` on the struct names it already: keep one of the two",
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
                    "claims need a subject, the id that says whose they are: mark its field with \
                     `#[claims(subject)]`, or write `#[claims(subject = user.id)]` on the struct if it lies deeper",
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
                "a flattened field is not one claim, so it cannot be the subject: \
                 write `#[claims(subject = {name}.id)]` on the struct"
            ),
        );
        return None;
    }
    for key in ["skip", "skip_serializing", "skip_deserializing", "skip_serializing_if"] {
        if let Some(skip) = field.serde.key(key) {
            diag.error(skip, format!("the subject is part of every token: remove `{key}` from `{name}`"));
            return None;
        }
    }
    let names = field.names.as_ref()?;
    if names.serialize != names.deserialize {
        diag.error(
            field.serde.key("rename").map_or_else(|| name.clone(), ToTokens::to_token_stream),
            format!(
                "the subject has one name, and this is written as `{}` and read as `{}`: \
                 rename it both ways, `#[serde(rename = \"…\")]`",
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
                "`{ident}` has no field `{first_name}`: the way to the subject starts at a field of it"
            ),
        },
    );
}

/// Checks that the item is a struct that a token's payload can hold.
fn shape(data: &Data<'_>, diag: &mut Diag) {
    let named = "claims are a struct with named fields, for each claim has a name";
    match &data.input.data {
        // The module `profiles` expands enums.
        syn::Data::Enum(_) => {}
        syn::Data::Union(shape) => diag.error(shape.union_token, named),
        syn::Data::Struct(shape) => match &shape.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => {
                diag.error(fields, format!("{named}: write `struct {} {{ … }}`", data.input.ident));
            }
            Fields::Unit => {
                diag.error(
                    &data.input.ident,
                    format!("{named}: write `struct {} {{ … }}`", data.input.ident),
                );
            }
        },
    }
    for lifetime in data.input.generics.lifetimes() {
        diag.error(
            &lifetime.lifetime,
            "claims outlive the request that they came with, so they cannot borrow: make the fields own their data, as `String` does",
        );
    }
    if let Some(transparent) = data.serde.key("transparent") {
        diag.error(
            transparent,
            "a token's payload is an object, and `transparent` makes the struct its one field: remove it",
        );
    }
    if let Some(tag) = data.serde.text("tag") {
        collision(&tag.value(), tag.to_token_stream(), "the tag", diag);
    }
}

/// Rejects names that are reserved in tokens.
fn collisions(field: &Field<'_>, version: &Version, diag: &mut Diag) {
    let Some(names) = &field.names else { return };
    let renamed = field.serde.text("rename").map(|name| name.to_token_stream());
    let tokens = renamed.unwrap_or_else(|| field.member.to_token_stream());
    if names.serialize == "sub" && field.marks.subject.is_none() {
        return diag.error(
            tokens,
            "`sub` is what the subject is called in a token: mark this field with `#[claims(subject)]`, or rename it",
        );
    }
    if version.is_set() && [&names.serialize, &names.deserialize].contains(&&"ver".to_owned()) {
        return diag.error(
            tokens,
            "`ver` is what the version of the struct is called in a token: give the field another name",
        );
    }
    if !collision(&names.serialize, tokens.clone(), "the field", diag) {
        collision(&names.deserialize, tokens, "the field", diag);
    }
}

/// Reports a name of a registered claim. Returns whether it is one.
fn collision(name: &str, tokens: TokenStream, what: &str, diag: &mut Diag) -> bool {
    let from = match name {
        "exp" => "; `Auth` gives it as `expires_at()`",
        "iat" => "; `Auth` gives it as `issued_at()`",
        "jti" => "; `Auth` gives it as `token_id()`",
        "sid" => "; `Auth` gives it as `session_id()`",
        "auth_time" => "; `Auth` gives it as `signed_in_at()`",
        "acr" => "; `Auth` gives it as `acr()`",
        "iss" | "aud" | "nbf" | "gen" | "rev" => "",
        _ => return false,
    };
    diag.error(
        tokens,
        format!(
            "`{name}` is a registered claim, which jwt-auth writes itself{from}: give {what} another name"
        ),
    );
    true
}

fn has_named_fields(data: &Data<'_>) -> bool {
    matches!(&data.input.data, syn::Data::Struct(shape) if matches!(shape.fields, Fields::Named(_)))
}
