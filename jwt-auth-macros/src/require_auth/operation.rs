//! The handler in an OpenAPI document: whether `#[utoipa::path]` stands below.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, Meta, Path, Token};

use super::ast::{Handler, argument_of, is_named};
use crate::exports::*;

/// What `#[utoipa::path]` makes of a handler.
pub(super) struct Operation {
    /// As utoipa calls it.
    name: Ident,
    when: When,
    /// Whether the handler takes `Credentials`.
    reads_credentials: bool,
}

/// When it is there.
enum When {
    Always,
    /// The attribute stands in a `cfg_attr` with this predicate.
    If(TokenStream),
    Never,
}

impl Operation {
    pub(super) fn of(handler: &Handler) -> Self {
        Self {
            name: format_ident!("__path_{}", handler.sig.ident, span = Span::call_site()),
            when: handler.attrs.iter().find_map(when).unwrap_or(When::Never),
            reads_credentials: handler.parameters().any(|ty| argument_of("Credentials", ty).is_some()),
        }
    }

    /// For the `RoutePolicy`: the operation, with what the policy says of it and what `Credentials` refuse.
    pub(super) fn described(&self, policy: Option<&Ident>) -> TokenStream {
        let Self { name, when, reads_credentials } = self;
        let policy = policy.into_iter();
        let credentials = reads_credentials.then(|| quote!(reads_credentials)).into_iter();
        let described = quote!(#_private::described!(#name #(, #policy)* #(; #credentials)*););
        match when {
            When::Always => described,
            When::If(predicate) => quote!(#[cfg(#predicate)] #described),
            When::Never => TokenStream::new(),
        }
    }

    /// Beside it: takes the name of an operation that is not there. An attribute that stands above takes it, too, and
    /// that does not compile: the route would not be in the document.
    pub(super) fn undescribed(&self) -> TokenStream {
        let Self { name, when, .. } = self;
        let undescribed = quote!(#_private::undescribed!(#name););
        match when {
            When::Always => TokenStream::new(),
            When::If(predicate) => quote!(#[cfg(not(#predicate))] #undescribed),
            When::Never => undescribed,
        }
    }
}

fn when(attr: &Attribute) -> Option<When> {
    if is_operation(attr.path()) {
        return Some(When::Always);
    }
    let Meta::List(list) = &attr.meta else { return None };
    if !is_named(attr, &["cfg_attr"]) {
        return None;
    }
    let metas = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut metas = metas.into_iter();
    let predicate = metas.next()?;
    metas.any(|meta| is_operation(meta.path())).then(|| When::If(predicate.into_token_stream()))
}

/// `utoipa::path`: `path` alone would be an attribute of the language.
fn is_operation(path: &Path) -> bool {
    let mut segments = path.segments.iter().rev();
    ["path", "utoipa"].iter().all(|name| segments.next().is_some_and(|segment| segment.ident == *name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::require_auth::ast::Attr;

    #[test]
    fn where_the_attribute_may_stand() {
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
            assert_eq!(!operation.described(None).is_empty(), described, "{attributes}");
            assert_eq!(!operation.undescribed().is_empty(), undescribed, "{attributes}");
        }
    }
}
