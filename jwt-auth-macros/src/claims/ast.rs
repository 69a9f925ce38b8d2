//! A claims struct, as written in the source.

use syn::{Data as Shape, DeriveInput, Member, Type};

use super::attr::{Marks, Place};
use super::serde::{Names, Serde};
use crate::diag::Diag;

pub(crate) struct Data<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) marks: Marks,
    pub(crate) serde: Serde,
    pub(crate) fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) marks: Marks,
    pub(crate) serde: Serde,
    /// The field's names in a token. `None` if serde skips or flattens it.
    pub(crate) names: Option<Names>,
}

impl<'a> Data<'a> {
    pub(crate) fn read(input: &'a DeriveInput, diag: &mut Diag) -> Self {
        let marks = Marks::read(&input.attrs, Place::Struct, diag);
        let serde = Serde::read(&input.attrs);
        let fields = match &input.data {
            Shape::Struct(data) => data
                .fields
                .members()
                .zip(&data.fields)
                .map(|(m, f)| Field::read(m, f, &serde, diag))
                .collect(),
            Shape::Enum(_) | Shape::Union(_) => Vec::new(),
        };
        Self { input, marks, serde, fields }
    }
}

impl<'a> Field<'a> {
    fn read(member: Member, field: &'a syn::Field, container: &Serde, diag: &mut Diag) -> Self {
        let serde = Serde::read(&field.attrs);
        let absent = ["flatten", "skip"].iter().any(|key| serde.key(key).is_some())
            || ["skip_serializing", "skip_deserializing"].iter().all(|key| serde.key(key).is_some());
        let names = match &member {
            Member::Named(name) if !absent => Some(container.names_of(name, &serde)),
            _ => None,
        };
        Self { member, ty: &field.ty, marks: Marks::read(&field.attrs, Place::Field, diag), serde, names }
    }
}

/// The type of a role, derived from the type of the field.
pub(crate) enum RoleType<'a> {
    /// The field holds one role.
    One(&'a Type),
    /// The field iterates over roles: the `T` of any `X<T>`.
    Many(&'a Type),
    /// The field derefs or coerces to a slice of roles: `[T; N]`, `Box<[T]>`.
    Slice(&'a Type),
}

impl<'a> RoleType<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        match ty {
            Type::Group(group) => Self::of(&group.elem),
            Type::Paren(paren) => Self::of(&paren.elem),
            Type::Array(array) => Self::Slice(&array.elem),
            ty => match type_argument(ty) {
                Some(Type::Slice(slice)) => Self::Slice(&slice.elem),
                Some(element) => Self::Many(element),
                None => Self::One(ty),
            },
        }
    }
}

/// Returns whether the type is a map by its name.
pub(crate) fn is_map(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_map(&group.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| ["HashMap", "BTreeMap", "IndexMap"].iter().any(|name| last.ident == name)),
        _ => false,
    }
}

/// The first type argument of a path's last segment.
fn type_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
