//! The rules for an enum of claims.

use syn::{DataEnum, DeriveInput, Fields, Ident, Type, Variant};

use crate::claims::attr::{Marks, Place};
use crate::diag::Diag;

/// An enum of claims. It is valid if no errors were reported.
pub(super) struct ClaimsEnum<'a> {
    pub(super) input: &'a DeriveInput,
    /// The names of the variants, and the structs that they hold.
    pub(super) variants: Vec<(&'a Ident, &'a Type)>,
    /// Whether all variants have roles, of the same type.
    pub(super) roles: bool,
    /// Whether all variants have a scope.
    pub(super) scope: bool,
}

pub(super) fn check<'a>(
    input: &'a DeriveInput,
    data: &'a DataEnum,
    marks: &Marks,
    diag: &mut Diag,
) -> ClaimsEnum<'a> {
    if !input.generics.params.is_empty() {
        diag.error(&input.generics, "an enum of claims cannot be generic: remove the parameters");
    }
    if data.variants.len() < 2 {
        diag.error(
            &input.ident,
            "an enum of claims needs at least two variants: add one, or use the struct instead of the enum",
        );
    }
    let variants = data.variants.iter().filter_map(|variant| held(variant, diag)).collect();
    ClaimsEnum { input, variants, roles: marks.roles.is_some(), scope: marks.scope.is_some() }
}

/// The name of a variant, and the struct that it holds.
fn held<'a>(variant: &'a Variant, diag: &mut Diag) -> Option<(&'a Ident, &'a Type)> {
    Marks::read(&variant.attrs, Place::Variant, diag);
    let ident = &variant.ident;
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            Marks::read(&field.attrs, Place::Variant, diag);
            Some((ident, &field.ty))
        }
        _ => {
            diag.error(
                variant,
                format!(
                    "each variant must hold one claims struct: write `{ident}({ident})`, and put \
                     `#[derive(Claims)]` on `struct {ident} {{ … }}`"
                ),
            );
            None
        }
    }
}
