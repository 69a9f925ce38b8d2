//! Types that are used outside their signature, where its lifetimes are not in scope.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

/// Elides the lifetimes of the signature. Those that the type itself declares remain: `for<'a> fn(&'a str)`.
pub(super) fn without_lifetimes(ty: TokenStream) -> TokenStream {
    let mut own = vec!["static".to_owned()];
    declared(ty.clone(), &mut own);
    elide(ty, &own)
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

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
