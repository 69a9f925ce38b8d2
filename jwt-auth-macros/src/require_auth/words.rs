//! The vocabulary of policies: the clauses and flags that exist, and the errors for everything else.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Error, Ident, Lit, Path, Result, Token, Type, token};

use crate::meta;

/// Parses a flag, if the input starts with one.
pub(super) fn flag(input: ParseStream<'_>) -> Result<Option<Ident>> {
    let ahead = input.fork();
    if !ahead.call(Ident::parse_any).is_ok_and(|word| FLAGS.iter().any(|flag| word == flag)) {
        return Ok(None);
    }
    let flag = input.call(Ident::parse_any)?;
    match input.is_empty() || input.peek(Token![,]) {
        true => Ok(Some(flag)),
        false => Err(Error::new_spanned(&flag, format!("`{flag}` takes no value: write `{flag}`"))),
    }
}

/// Returns whether the input starts with a clause, which may be misspelled, rather than with a type.
pub(super) fn is_clause(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else { return false };
    if ahead.peek(Token![=]) || ahead.peek(token::Paren) {
        return true;
    }
    let word = word.to_string();
    (ahead.is_empty() || ahead.peek(Token![,]))
        && word.starts_with(char::is_lowercase)
        && meant(&word).is_some()
}

/// Parses a value that is written without its clause, such as `Role::Admin` or a string. A claims type usually has one
/// segment, and a variant has at least two.
pub(super) fn bare_value(input: ParseStream<'_>) -> Option<TokenStream> {
    let ahead = input.fork();
    let value = match ahead.parse::<Lit>() {
        Ok(literal) => literal.into_token_stream(),
        Err(_) => {
            let path = input.fork().parse::<Path>().ok().filter(is_variant)?;
            ahead.parse::<Path>().ok()?;
            path.into_token_stream()
        }
    };
    let ends = ahead.is_empty() || ahead.peek(Token![,]);
    ends.then(|| input.advance_to(&ahead)).map(|()| value)
}

/// Returns whether a path looks like a variant of an enum: the segment before the last one is a type.
pub(super) fn is_variant(path: &Path) -> bool {
    let mut names = path.segments.iter().rev().map(|segment| segment.ident.unraw().to_string());
    let is_type = |name: String| name.starts_with(char::is_uppercase);
    names.next().is_some_and(is_type) && names.next().is_some_and(is_type)
}

pub(super) fn claims_type(input: ParseStream<'_>) -> Result<Type> {
    let rest = input.fork();
    input.parse().map_err(|_| {
        let token = rest.parse::<TokenTree>().map_or_else(|_| TokenStream::new(), |token| token.into());
        Error::new_spanned(token, format!("expected a claims type or a clause: {}", list()))
    })
}

/// The error for a clause whose value is missing or has the wrong form.
pub(super) fn misshaped(key: &Ident) -> Error {
    let example = CLAUSES.iter().find(|(name, ..)| key == name).map_or("", |(_, _, example)| *example);
    let takes = match key.to_string().as_str() {
        "any" | "all" => "a list of clauses",
        "not" => "a clause",
        _ => "a value after `=`",
    };
    Error::new_spanned(key, format!("`{key}` takes {takes}: write `{example}`"))
}

/// The error for an empty list of clauses.
pub(super) fn empty(key: &Ident) -> Error {
    let message = match key.to_string().as_str() {
        "any" => "`any()` without clauses rejects every caller: write at least one clause",
        "not" => {
            "`not()` needs a clause: write the clause that must not hold, as in `not(role = Role::Guest)`"
        }
        _ => "`all()` without clauses has no effect: write at least one clause, or remove it",
    };
    Error::new_spanned(key, message)
}

/// The error for a clause that does not exist.
pub(super) fn unknown(key: &Ident) -> Error {
    let message = match meant(&key.to_string()) {
        Some(meant) => format!("unknown clause `{key}`: did you mean `{meant}`?"),
        None => {
            let flags: Vec<_> = FLAGS.iter().map(|flag| format!("`{flag}`")).collect();
            format!("unknown clause `{key}`: expected {}, or one of the words {}", list(), flags.join(", "))
        }
    };
    Error::new_spanned(key, message)
}

/// The clause or flag that a misspelled word resembles.
fn meant(word: &str) -> Option<&'static str> {
    let words: Vec<_> = CLAUSES.iter().map(|(name, ..)| *name).chain(FLAGS).collect();
    meta::suggestion(word, &words)
}

/// The forms of all clauses, as text.
fn list() -> String {
    let forms: Vec<_> = CLAUSES.iter().map(|(_, form, _)| format!("`{form}`")).collect();
    let (last, others) = forms.split_last().expect("there are clauses");
    format!("{} or {last}", others.join(", "))
}

/// The clauses: name, form and example of each.
const CLAUSES: [(&str, &str, &str); 9] = [
    ("role", "role = …", "role = Role::Admin"),
    ("scope", "scope = \"…\"", "scope = \"posts:write\""),
    ("fresh", "fresh = \"…\"", "fresh = \"5m\""),
    ("acr", "acr = \"…\"", "acr = \"phr\""),
    ("check", "check = |user| …", "check = |user, id: u64| user.id == id"),
    ("policy", "policy = …", "policy = CanEditPosts"),
    ("any", "any(…)", "any(role = Role::Admin, scope = \"posts:write\")"),
    ("all", "all(…)", "all(role = Role::Admin, scope = \"posts:write\")"),
    ("not", "not(…)", "not(role = Role::Guest)"),
];

/// Flags, which apply to the whole route.
const FLAGS: [&str; 6] = ["strict", "or_not_found", "optional", "header", "cookie", "cross_origin"];
