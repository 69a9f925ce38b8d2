//! Tokens as people write them: `Role::Admin`, not `Role :: Admin`.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.into_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    // Whether the last token clings to the next one.
    let mut tight = true;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
                tight = false;
            }
            TokenTree::Punct(punct) => {
                let char = punct.as_char();
                let clings = matches!(char, ':' | '.' | ',' | ';' | '?' | '<' | '>' | '!');
                if !tight && !clings {
                    text.push(' ');
                }
                let path = text.ends_with(':');
                text.push(char);
                tight = match char {
                    ':' => path || punct.spacing() == Spacing::Joint,
                    '.' | '<' | '!' | '&' | '\'' => true,
                    _ => punct.spacing() == Spacing::Joint,
                };
            }
            token => {
                if !tight {
                    text.push(' ');
                }
                text.push_str(&token.to_string());
                tight = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_written() {
        for source in [
            "Role::Admin",
            "crate::roles::Role::Admin",
            "\"admin\"",
            "Role::Tenant(1, \"a\")",
            "Role::of::<User>(7)",
            "roles::ADMIN.clone()",
            "&Role::Admin",
            "Auth<User>",
            "Auth<Session<User, Web>>",
            "Role { name: \"admin\", level: 3 }",
        ] {
            let tokens: proc_macro2::TokenStream = source.parse().expect("the cases are tokens");
            assert_eq!(super::text(tokens), source);
        }
    }
}
