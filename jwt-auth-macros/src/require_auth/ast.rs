//! The function under the attribute.

use std::fmt;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Error, FnArg, GenericArgument, Item, Meta, PathArguments, Result, Signature, Type, Visibility,
};

/// The attributes that say who may call a route.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Attr {
    RequireAuth,
    Public,
}

impl Attr {
    pub(crate) const NAMES: [&str; 2] = [Self::RequireAuth.name(), Self::Public.name()];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RequireAuth => "require_auth",
            Self::Public => "public",
        }
    }
}

impl fmt::Display for Attr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#[{}]", self.name())
    }
}

/// A function. Its body is carried along unread: it may be half typed.
pub(crate) struct Handler {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Handler {
    pub(crate) fn parse(item: TokenStream) -> Result<Self> {
        Self::parse_fn.parse2(item.clone()).map_err(|error| match syn::parse2::<Item>(item) {
            Ok(item) if !matches!(item, Item::Fn(_)) => Error::new_spanned(
                item,
                "who may call is said of a route handler: put this attribute above a function",
            ),
            _ => error,
        })
    }

    fn parse_fn(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: input.parse()?,
        })
    }

    /// The types of the parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Type> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(parameter) => Some(&*parameter.ty),
            FnArg::Receiver(_) => None,
        })
    }

    /// The attributes with this name, and the condition under which each stands there.
    pub(crate) fn attributes<'n>(
        &self,
        names: &'n [&str],
    ) -> impl Iterator<Item = (Meta, Option<TokenStream>)> + use<'_, 'n> {
        let all = self.attrs.iter().flat_map(|attr| unconditional(attr.meta.clone(), None));
        all.filter(|(meta, _)| is_named(meta, names))
    }
}

impl ToTokens for Handler {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// Whether the path, however it is qualified, ends in one of these names.
pub(crate) fn is_named(meta: &Meta, names: &[&str]) -> bool {
    meta.path().segments.last().is_some_and(|segment| names.iter().any(|name| segment.ident == *name))
}

/// The attributes inside of a `cfg_attr`, or else the attribute itself.
fn unconditional(meta: Meta, condition: Option<TokenStream>) -> Vec<(Meta, Option<TokenStream>)> {
    let Meta::List(list) = &meta else { return vec![(meta, condition)] };
    if !list.path.is_ident("cfg_attr") {
        return vec![(meta, condition)];
    }
    let parts =
        syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated.parse2(list.tokens.clone());
    let mut parts = parts.into_iter().flatten();
    let Some(own) = parts.next() else { return Vec::new() };
    let condition = match condition {
        Some(outer) => quote!(all(#outer, #own)),
        None => own.into_token_stream(),
    };
    parts.flat_map(|part| unconditional(part, Some(condition.clone()))).collect()
}

/// The `T` of `Name<T>`, however the name is qualified.
pub(crate) fn argument_of<'t>(name: &str, ty: &'t Type) -> Option<&'t Type> {
    let ty = match ty {
        Type::Group(group) => &group.elem,
        ty => ty,
    };
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
