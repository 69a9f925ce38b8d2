//! The OpenAPI operation of a handler: the one that `#[utoipa::path]` generates below.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Meta, Path, Token};

use crate::exports::*;
use crate::require_auth::ast::{Handler, argument_of, is_named};

/// The type that `#[utoipa::path]` generates for a handler.
pub(super) struct Operation {
    /// The name that utoipa gives it.
    name: Ident,
    exists: Exists,
    /// Whether the handler takes `Credentials`.
    reads_credentials: bool,
}

/// When the operation exists.
enum Exists {
    Always,
    /// The attribute is in a `cfg_attr` with this predicate.
    If(TokenStream),
    Never,
}

impl Operation {
    pub(super) fn of(handler: &Handler) -> Self {
        Self {
            name: format_ident!("__path_{}", handler.sig.ident, span = Span::call_site()),
            exists: handler.attrs.iter().find_map(exists).unwrap_or(Exists::Never),
            reads_credentials: handler.parameters().any(|ty| argument_of("Credentials", ty).is_some()),
        }
    }

    /// In the impl of a trait for the route: describes the operation.
    pub(super) fn described(&self) -> TokenStream {
        let Self { name, exists, reads_credentials } = self;
        let credentials = reads_credentials.then(|| quote!(; reads_credentials));
        let described = quote!(#_private::described!(#name #credentials););
        match exists {
            Exists::Always => described,
            Exists::If(predicate) => quote!(#[cfg(#predicate)] #described),
            Exists::Never => TokenStream::new(),
        }
    }

    /// Next to the impl: takes the name of an operation that does not exist. If there is a `#[utoipa::path]` above
    /// `#[require_auth]`, it generates a type with the same name. That does not compile: the document would lack the
    /// route.
    pub(super) fn undescribed(&self) -> TokenStream {
        let Self { name, exists, .. } = self;
        let undescribed = quote!(#_private::undescribed!(#name););
        match exists {
            Exists::Always => TokenStream::new(),
            Exists::If(predicate) => quote!(#[cfg(not(#predicate))] #undescribed),
            Exists::Never => undescribed,
        }
    }
}

/// When an attribute generates an operation; `None` if never.
fn exists(attr: &Attribute) -> Option<Exists> {
    if is_operation(attr.path()) {
        return Some(Exists::Always);
    }
    let Meta::List(list) = &attr.meta else { return None };
    if !is_named(attr, &["cfg_attr"]) {
        return None;
    }
    let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut metas = metas.into_iter();
    let predicate = metas.next()?;
    metas.any(|meta| is_operation(meta.path())).then(|| Exists::If(predicate.into_token_stream()))
}

/// Returns whether this is `utoipa::path`. A bare `path` is a built-in attribute.
fn is_operation(path: &Path) -> bool {
    let mut segments = path.segments.iter().rev();
    ["path", "utoipa"].iter().all(|name| segments.next().is_some_and(|segment| segment.ident == *name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::require_auth::ast::Attr;

    #[test]
    fn the_attribute_may_be_below_or_in_a_cfg_attr() {
        for (attributes, [described, undescribed]) in [
            (quote!(#[get("/")]), [false, true]),
            (quote!(#[utoipa::path] #[get("/")]), [true, false]),
            (quote!(#[get("/")] #[::utoipa::path(tag = "a")]), [true, false]),
            (
                quote!(#[cfg_attr(feature = "docs", inline, utoipa::path(tag = "a"))] #[get("/")]),
                [true, true],
            ),
            (quote!(#[cfg_attr(feature = "docs", inline)] #[get("/")]), [false, true]),
            (quote!(#[other::path] #[get("/")]), [false, true]),
        ] {
            let handler = Handler::parse(Attr::Public, quote!(#attributes fn index() {})).expect("a handler");
            let operation = Operation::of(&handler);
            assert_eq!(!operation.described().is_empty(), described, "{attributes}");
            assert_eq!(!operation.undescribed().is_empty(), undescribed, "{attributes}");
        }
    }
}
