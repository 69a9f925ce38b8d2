//! Types that are used outside their signature, where its lifetimes are not in scope.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Lifetime;

/// Elides the lifetimes of the signature. Those that the type itself declares remain: `for<'a> fn(&'a str)`.
pub(super) fn without_lifetimes(ty: TokenStream) -> TokenStream {
    let mut own = vec!["static".to_owned()];
    declared(ty.clone(), &mut own);
    elide(ty, &own)
}

/// Gives the elided lifetimes of a type this name.
pub(super) fn with_lifetime(ty: TokenStream, name: &str) -> TokenStream {
    let mut named = TokenStream::new();
    let mut tokens = without_lifetimes(ty).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let span = token.span();
        let lifetime = Lifetime::new(&format!("'{name}"), span);
        match token {
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), with_lifetime(group.stream(), name));
                inside.set_span(span);
                inside.to_tokens(&mut named);
            }
            token if is_punct(&token, '\'') && tokens.peek().is_some_and(|token| is_ident(token, "_")) => {
                tokens.next();
                lifetime.to_tokens(&mut named);
            }
            token if is_punct(&token, '&') && tokens.peek().is_some_and(|token| !is_punct(token, '\'')) => {
                token.to_tokens(&mut named);
                lifetime.to_tokens(&mut named);
            }
            token => token.to_tokens(&mut named),
        }
    }
    named
}

fn elide(tokens: TokenStream, own: &[String]) -> TokenStream {
    let mut after_tick = false;
    let elided = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(lifetime) if after_tick && !own.iter().any(|own| lifetime == own) => {
            after_tick = false;
            TokenTree::Ident(Ident::new("_", Span::call_site().located_at(lifetime.span())))
        }
        TokenTree::Group(group) => {
            after_tick = false;
            let mut elided = Group::new(group.delimiter(), elide(group.stream(), own));
            elided.set_span(group.span());
            TokenTree::Group(elided)
        }
        token => {
            after_tick = is_punct(&token, '\'');
            token
        }
    });
    elided.collect()
}

/// Collects the names of the lifetimes in `for<…>`.
fn declared(tokens: TokenStream, names: &mut Vec<String>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => declared(group.stream(), names),
            TokenTree::Ident(word) if word == "for" => {
                let inside = tokens.by_ref().take_while(|token| !is_punct(token, '>'));
                names.extend(inside.filter_map(|token| match token {
                    TokenTree::Ident(name) => Some(name.to_string()),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pretty::text;

    #[test]
    fn named_lifetimes_are_elided() {
        for (written, expected) in [
            ("&'r str", "&'_ str"),
            ("&'static str", "&'static str"),
            ("Option<Cow<'r, str>>", "Option<Cow<'_, str>>"),
            ("(&'a A, [&'b B; 2])", "(&'_ A, [&'_ B; 2])"),
            ("&'r State<for<'a> fn(&'a str)>", "&'_ State<for<'a> fn(&'a str)>"),
            ("u64", "u64"),
        ] {
            let tokens: TokenStream = written.parse().expect("the cases are tokens");
            let expected: TokenStream = expected.parse().expect("the cases are tokens");
            assert_eq!(without_lifetimes(tokens).to_string(), expected.to_string());
        }
    }

    #[test]
    fn elided_lifetimes_get_a_name() {
        for (written, expected) in [
            ("&str", "&'r str"),
            ("&'_ str", "&'r str"),
            ("&'static str", "&'static str"),
            ("Option<Cow<'_, str>>", "Option<Cow<'r, str>>"),
            ("(&A, [&B; 2])", "(&'r A, [&'r B; 2])"),
            ("u64", "u64"),
        ] {
            let tokens: TokenStream = written.parse().expect("the cases are tokens");
            assert_eq!(text(with_lifetime(tokens, "r")), expected);
        }
    }
}
