//! Rules that involve more than one attribute.

use quote::ToTokens;
use syn::{DeriveInput, Fields, LitStr, Member, Type};

use super::ast::{Data, Field, is_map};
use super::attr::{Mark, Marks};
use super::names::{collision, collisions};
use super::path::FieldPath;
use super::serde::Names;
use super::version::Version;
use crate::diag::Diag;
use crate::meta;

/// A struct of claims. It is valid if no errors were reported.
pub(crate) struct Claims<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) subject: Option<Subject<'a>>,
    pub(crate) roles: Option<Roles<'a>>,
    pub(crate) scope: Option<View<'a>>,
    pub(crate) version: &'a Version,
    pub(crate) issuer: Option<&'a LitStr>,
    pub(crate) audience: Option<&'a LitStr>,
}

pub(crate) enum Subject<'a> {
    /// A field, and its names in a token.
    Field(&'a Field<'a>, &'a Names),
    /// A path into nested data, which stays in the token.
    Path(&'a FieldPath),
}

/// Where the claims contain the roles.
pub(crate) struct Roles<'a> {
    pub(crate) place: View<'a>,
    /// The type of a role, for a path. For a field, it follows from the type of the field.
    pub(crate) ty: Option<&'a Type>,
}

/// The place of the roles or of the scope.
pub(crate) enum View<'a> {
    Field(&'a Field<'a>),
    Path(&'a FieldPath),
}

pub(crate) fn check<'a>(data: &'a Data<'a>, diag: &mut Diag) -> Claims<'a> {
    let claims = Claims {
        input: data.input,
        roles: roles(data, diag),
        scope: view(data, "scope", |marks| &marks.scope, diag),
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

fn roles<'a>(data: &'a Data<'a>, diag: &mut Diag) -> Option<Roles<'a>> {
    let place = view(data, "roles", |marks| &marks.roles, diag);
    if let Some(View::Field(field)) = &place
        && is_map(field.ty)
    {
        let name = field.member.to_token_stream();
        diag.error(
            field.ty,
            format!(
                "roles cannot be in a map: use a list, such as `Vec<Role>`. For the roles at one key, write \
                 `#[claims(roles = {name}[\"key\"])]` on the struct"
            ),
        );
        return None;
    }
    let ty = data.marks.role_type.as_ref();
    if let (Some((key, _)), None | Some(View::Field(_))) = (ty, &place)
        && data.marks.roles.is_none()
    {
        diag.error(
            key,
            "`role_type` is for nested roles: write `#[claims(roles = realm_access.roles, role_type = Role)]`. For a \
             field with `#[claims(roles)]`, the type follows from the type of the field",
        );
    }
    Some(Roles { place: place?, ty: ty.map(|(_, ty)| ty) })
}

/// Returns the place of the roles or of the scope: the only field with a mark, or a path.
fn view<'a>(
    data: &'a Data<'a>,
    what: &str,
    mark: fn(&Marks) -> &Option<Mark>,
    diag: &mut Diag,
) -> Option<View<'a>> {
    let marked = once(data, what, mark, diag);
    match (mark(&data.marks), marked) {
        (Some(_), Some((_, second))) => {
            diag.error(
                &second.key,
                format!(
                    "`#[claims({what} = …)]` on the struct already names the {what}: remove one of the two"
                ),
            );
            None
        }
        (Some(mark), None) => {
            let path = mark.path.as_ref()?;
            first_step(data, path, what, diag);
            Some(View::Path(path))
        }
        (None, marked) => marked.map(|(field, _)| View::Field(field)),
    }
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
            let path = mark.path.as_ref()?;
            first_step(data, path, "subject", diag);
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

/// Checks that the path to nested data starts at a field.
fn first_step(data: &Data<'_>, path: &FieldPath, what: &str, diag: &mut Diag) {
    let first = &path.first;
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
                "`{ident}` has no field `{first_name}`: the path to the {what} must start with one of its fields"
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

fn has_named_fields(data: &Data<'_>) -> bool {
    matches!(&data.input.data, syn::Data::Struct(shape) if matches!(shape.fields, Fields::Named(_)))
}
