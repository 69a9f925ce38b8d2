//! The parameters of a named policy: the fields of its struct.

use syn::ext::IdentExt;
use syn::{Attribute, Fields, Ident, ItemStruct, Type};

use super::requirement::Requirement;
use crate::diag::Diag;
use crate::pretty::text;
use crate::require_auth::route::Argument;

/// A parameter of a named policy.
pub(crate) struct PolicyParameter<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) docs: &'a [Attribute],
}

impl PolicyParameter<'_> {
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

/// The parameters that a struct declares.
pub(crate) fn parameters(declared: &ItemStruct) -> Vec<PolicyParameter<'_>> {
    let Fields::Named(fields) = &declared.fields else { return Vec::new() };
    let parameters = fields.named.iter();
    parameters
        .filter_map(|field| {
            Some(PolicyParameter { ident: field.ident.as_ref()?, ty: &field.ty, docs: &field.attrs })
        })
        .collect()
}

/// Checks the struct of a named policy.
pub(super) fn check_struct(declared: &ItemStruct, diag: &mut Diag) {
    let generics = &declared.generics;
    if !generics.params.is_empty() {
        let fix = match generics.params.len() == generics.lifetimes().count() {
            true => "the types of its fields need no lifetimes, as in `team: &str`",
            false => "remove the parameters",
        };
        diag.error(generics, format!("a policy cannot be generic: {fix}"));
    } else if let Fields::Unnamed(fields) = &declared.fields
        && let Some(first) = fields.unnamed.first()
    {
        let (name, ty) = (&declared.ident, text(&first.ty));
        diag.error(
            &declared.fields,
            format!("the parameters of a policy need names: write `struct {name} {{ id: {ty} }}`"),
        );
    }
}

/// Checks the attributes of the parameters. The struct loses its fields, so attributes would have no effect.
pub(super) fn check_attributes(parameters: &[PolicyParameter<'_>], diag: &mut Diag) {
    let attrs = parameters.iter().flat_map(|parameter| parameter.docs);
    for attr in attrs.filter(|attr| !attr.path().is_ident("doc")) {
        diag.error(attr, "a parameter of a policy can have docs, but no other attributes: remove this one");
    }
}

/// Checks that the requirement uses all parameters.
pub(super) fn check_used(parameters: &[PolicyParameter<'_>], requirement: &Requirement<'_>, diag: &mut Diag) {
    let arguments = requirement.arguments();
    let is_used =
        |index| arguments.iter().any(|argument| matches!(argument, Argument::Own(used, _) if *used == index));
    for (_, parameter) in parameters.iter().enumerate().filter(|(index, _)| !is_used(*index)) {
        let (ident, name) = (parameter.ident, parameter.name());
        diag.error(
            ident,
            format!(
                "no clause uses the parameter `{name}`: take it in a `check = |user, {name}| …`, pass it to another \
                 policy, or remove the field"
            ),
        );
    }
}
