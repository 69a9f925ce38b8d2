//! The syntax inside attributes: lists of keys and values, and suggestions for misspelled keys.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Result, Token, token};

use crate::diag::Diag;

/// `key`, `key = value` or `key(value)`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Equals(TokenStream),
    List(TokenStream),
}

impl Entry {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Value::Equals(up_to_comma(input)?)
        } else if input.peek(token::Paren) {
            let inside;
            syn::parenthesized!(inside in input);
            Value::List(inside.parse()?)
        } else {
            Value::None
        };
        Ok(Self { key, value })
    }
}

/// Parses comma-separated entries.
pub(crate) fn entries(tokens: TokenStream, diag: &mut Diag) -> Vec<Entry> {
    let mut entries = Vec::new();
    comma_separated(tokens, diag, |input, _| {
        entries.push(Entry::parse(input)?);
        Ok(())
    });
    entries
}

/// Parses comma-separated items. After an item that fails to parse, continues after the next comma.
pub(crate) fn comma_separated(
    tokens: TokenStream,
    diag: &mut Diag,
    mut item: impl FnMut(ParseStream<'_>, &mut Diag) -> Result<()>,
) {
    let items = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match item(input, diag) {
                Ok(()) if input.is_empty() || input.peek(Token![,]) => {}
                Ok(()) => {
                    let rest = up_to_comma(input)?;
                    diag.error(rest, "expected a comma before this");
                }
                Err(error) => {
                    diag.push(error);
                    up_to_comma(input)?;
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = items.parse2(tokens) {
        diag.push(error);
    }
}

/// Parses the tokens before the next comma.
pub(crate) fn up_to_comma(input: ParseStream<'_>) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

/// Returns the known word that is most similar to an unknown one, if any is similar enough.
pub(crate) fn suggestion<'k>(unknown: &str, known: &[&'k str]) -> Option<&'k str> {
    const CLOSE: f64 = 0.8;

    let likeness = |word: &str| strsim::jaro_winkler(&unknown.to_lowercase(), word);
    known
        .iter()
        .copied()
        .filter(|word| likeness(word) >= CLOSE)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions() {
        let known = ["subject", "roles", "scope", "role", "any", "all"];
        for (unknown, expected) in [
            ("subjet", Some("subject")),
            ("sub", Some("subject")),
            ("Subject", Some("subject")),
            ("scopes", Some("scope")),
            ("any_of", Some("any")),
            ("admin", None),
            ("id", None),
            ("user", None),
        ] {
            assert_eq!(suggestion(unknown, &known), expected, "{unknown}");
        }
        assert_eq!(suggestion("roles", &["role", "scope"]), Some("role"));
    }

    #[test]
    fn parsing_continues_after_an_error() {
        let mut diag = Diag::default();
        let entries = entries(quote::quote!(a = 1, = 2, b(c, d), "e" f, g), &mut diag);
        let keys: Vec<_> = entries.iter().map(|entry| entry.key.to_string()).collect();
        assert_eq!(keys, ["a", "b", "g"]);
        assert_eq!(diag.finish().unwrap_err().to_string().matches("compile_error").count(), 2);
    }
}
