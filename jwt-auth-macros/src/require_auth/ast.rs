//! The function below the attribute.

use std::fmt;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Error, FnArg, GenericArgument, Item, Pat, PathArguments, Result, Signature, Type, Visibility,
};

use super::route::Route;

/// The attributes that give a route its access rule.
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

/// A function. Its body is not parsed: it may be incomplete while the user types.
pub(crate) struct Handler {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
    /// The contents of the route attribute; empty if there is none.
    pub(crate) route: Route,
}

impl Handler {
    pub(crate) fn parse(attr: Attr, item: TokenStream) -> Result<Self> {
        Self::parse_fn.parse2(item.clone()).map_err(|error| match syn::parse2::<Item>(item) {
            Ok(item) if !matches!(item, Item::Fn(_)) => {
                let message = format!(
                    "`{attr}` applies to a route: put it above a function with a route attribute, such as \
                     `#[get(\"/\")]`"
                );
                Error::new(Span::call_site(), message)
            }
            _ => error,
        })
    }

    fn parse_fn(input: ParseStream<'_>) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let route = attrs.iter().find(|attr| is_named(attr, &ROUTE_ATTRIBUTES));
        Ok(Self {
            route: route.map(Route::of).unwrap_or_default(),
            attrs,
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

    /// The names and types of the parameters that are plain names.
    pub(crate) fn named_parameters(&self) -> impl Iterator<Item = (String, &Type)> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(parameter) => match &*parameter.pat {
                Pat::Ident(pat) => Some((pat.ident.unraw().to_string(), &*parameter.ty)),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
    }

    /// The types of the parameters that are request guards: those that the route attribute does not name. If its URI
    /// was not parsed, these are all parameters.
    pub(crate) fn guards(&self) -> impl Iterator<Item = &Type> {
        let is_guard = |name: &str| {
            let is_body = self.route.body.as_deref() == Some(name);
            self.route.part(name).is_none() && !is_body
        };
        self.named_parameters().filter(move |(name, _)| is_guard(name)).map(|(_, ty)| ty)
    }

    /// Returns whether the function has a route attribute.
    pub(crate) fn is_route(&self) -> bool {
        self.attrs.iter().any(|attr| is_named(attr, &ROUTE_ATTRIBUTES))
    }
}

/// Returns whether the last segment of the attribute's path is one of these names.
pub(crate) fn is_named(attr: &Attribute, names: &[&str]) -> bool {
    attr.path().segments.last().is_some_and(|segment| names.iter().any(|name| segment.ident == *name))
}

/// The `T` of `Name<T>` or `path::Name<T>`.
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

/// Returns whether a type contains a `_`, which the compiler would infer. A `'_` is a lifetime.
pub(crate) fn is_inferred(ty: &Type) -> bool {
    has_word("_", ty.to_token_stream())
}

/// Returns whether the type contains an `impl Trait`.
pub(crate) fn is_opaque(ty: &Type) -> bool {
    has_word("impl", ty.to_token_stream())
}

fn has_word(wanted: &str, tokens: TokenStream) -> bool {
    let mut after_tick = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => has_word(wanted, group.stream()),
        TokenTree::Ident(word) => word == wanted && !std::mem::take(&mut after_tick),
        TokenTree::Punct(punct) => {
            after_tick = punct.as_char() == '\'';
            false
        }
        TokenTree::Literal(_) => false,
    })
}

/// The names of Rocket's route attributes.
pub(crate) const ROUTE_ATTRIBUTES: [&str; 8] =
    ["get", "put", "post", "delete", "head", "patch", "options", "route"];

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn an_incomplete_body_is_kept() {
        let handler = Handler::parse(
            Attr::Public,
            quote!(#[rocket::get("/")] pub async fn index(user: Auth<User>) -> &str { user. }),
        )
        .expect("the signature is complete");
        assert!(handler.is_route());
        assert_eq!(handler.body.to_string(), "{ user . }");
        assert!(handler.parameters().any(|ty| argument_of("Auth", ty).is_some()));
    }

    #[test]
    fn parameters_that_the_route_does_not_name_are_guards() {
        for (attribute, expected) in [
            (quote!(#[get("/<id>/<path..>?<page>&<rest..>", data = "<body>")]), "User"),
            (quote!(#[get]), "u64 PathBuf Page Rest String User"),
        ] {
            let item = quote!(
                #attribute fn index(r#id: u64, path: PathBuf, page: Page, rest: Rest, body: String, user: User) {}
            );
            let handler = Handler::parse(Attr::Public, item).expect("a handler");
            let guards: Vec<_> = handler.guards().map(|ty| quote!(#ty).to_string()).collect();
            assert_eq!(guards.join(" "), expected, "{attribute}");
        }
    }

    #[test]
    fn a_lifetime_is_not_inferred() {
        for (ty, expected) in [
            (syn::parse_quote!(_), true),
            (syn::parse_quote!(Signed<Vec<(u64, _)>>), true),
            (syn::parse_quote!(&'_ _), true),
            (syn::parse_quote!(Signed<'_, [u64; 2]>), false),
            (syn::parse_quote!(__User), false),
        ] {
            let ty: Type = ty;
            assert_eq!(is_inferred(&ty), expected, "{}", ty.to_token_stream());
        }
    }

    #[test]
    fn names_may_be_qualified() {
        let is = |name, ty: Type| argument_of(name, &ty).is_some();
        assert!(is("Auth", syn::parse_quote!(jwt_auth::Auth<crate::User>)));
        assert!(is("Option", syn::parse_quote!(::core::option::Option<Auth<User>>)));
        assert!(!is("Auth", syn::parse_quote!(MaybeAuth<User>)));
        assert!(!is("Auth", syn::parse_quote!(Auth)));
    }
}
