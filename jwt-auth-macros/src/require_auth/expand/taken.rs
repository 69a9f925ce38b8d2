//! The parameter that holds the claims of the policy. The policy's own guard has verified them. Another guard would verify
//! them again.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, PatType, Signature, Type};

use crate::exports::*;
use crate::pretty::text;
use crate::require_auth::ast::{Handler, argument_of};
use crate::require_auth::valid::{ClaimsType, Policy};

/// The parameter, which is removed from the signature.
pub(super) struct Taken {
    /// Its place in the original signature.
    index: usize,
    parameter: PatType,
    /// The function that makes its value from the policy's guard.
    make: TokenStream,
    /// Its type, for the claims of a policy.
    guard: TokenStream,
}

/// Removes the parameter from a signature.
pub(super) fn take_auth(policy: &Policy<'_>, sig: &mut Signature) -> Option<Taken> {
    let ClaimsType::Type(claims) = policy.claims else { return None };
    let claims = text(claims);
    let (name, make, guard) = match policy.optional {
        true => ("MaybeAuth", quote!(#_private::maybe_auth), quote!(#_private::MaybeAuth)),
        false => ("Auth", quote!(#_private::auth), quote!(#_private::Auth)),
    };
    let is_it = |parameter: &FnArg| match parameter {
        FnArg::Typed(PatType { ty, .. }) => argument_of(name, ty).is_some_and(|ty| text(ty) == claims),
        FnArg::Receiver(_) => false,
    };
    let index = sig.inputs.iter().position(is_it)?;
    let mut inputs: Vec<FnArg> = std::mem::take(&mut sig.inputs).into_iter().collect();
    let FnArg::Typed(parameter) = inputs.remove(index) else { return None };
    sig.inputs.extend(inputs);
    Some(Taken { index, parameter, make, guard })
}

impl Taken {
    /// Returns whether this is the type of the parameter in the original signature.
    pub(super) fn is(&self, handler: &Handler, ty: &Type) -> bool {
        matches!(&handler.sig.inputs[self.index], FnArg::Typed(taken) if std::ptr::eq(&*taken.ty, ty))
    }

    /// The statement that binds the parameter in the body.
    pub(super) fn binding(&self) -> TokenStream {
        let PatType { attrs, pat, ty, .. } = &self.parameter;
        let make = at(ty.span(), &self.make);
        quote_spanned!(ty.span()=> #(#attrs)* let #pat: #ty = #make(__jwt_auth_authorized);)
    }

    /// What the guard does, if the parameter has the claims of the policy.
    pub(super) fn guarding(&self, policy: &Ident) -> TokenStream {
        let (ty, guard) = (&self.parameter.ty, &self.guard);
        let decides_for = at(ty.span(), quote!(#_private::decides_for));
        quote!(#decides_for::<#policy, #ty, #guard<<#policy as #_Policy>::Claims>>())
    }
}
