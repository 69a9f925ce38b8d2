//! The parameter that holds the claims of the policy. The policy's own guard has verified them. Another guard would verify
//! them again.

use proc_macro2::TokenStream;
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
    /// The function that returns what the policy's guard does.
    guarding: TokenStream,
}

/// Removes the parameter from a signature.
pub(super) fn take_auth(policy: &Policy<'_>, sig: &mut Signature) -> Option<Taken> {
    let ClaimsType::Type(claims) = policy.claims else { return None };
    let claims = text(claims);
    let (name, make, guarding) = match policy.optional {
        true => ("MaybeAuth", quote!(#_private::maybe_auth), quote!(#_private::decides_for_maybe)),
        false => ("Auth", quote!(#_private::auth), quote!(#_private::decides_for)),
    };
    let is_it = |parameter: &FnArg| match parameter {
        FnArg::Typed(PatType { ty, .. }) => argument_of(name, ty).is_some_and(|ty| text(ty) == claims),
        FnArg::Receiver(_) => false,
    };
    let index = sig.inputs.iter().position(is_it)?;
    let mut inputs: Vec<FnArg> = std::mem::take(&mut sig.inputs).into_iter().collect();
    let FnArg::Typed(parameter) = inputs.remove(index) else { return None };
    sig.inputs.extend(inputs);
    Some(Taken { index, parameter, make, guarding })
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

    /// The function that returns what the policy's guard does. It accepts only claims that the parameter can have.
    pub(super) fn guarding(&self, claims: &TokenStream) -> TokenStream {
        let ty = &self.parameter.ty;
        let guarding = at(ty.span(), &self.guarding);
        quote!(#guarding::<#ty, #claims>)
    }
}
