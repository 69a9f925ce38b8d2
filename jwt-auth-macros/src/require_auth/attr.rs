//! What stands in `#[require_auth(…)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, Result, Token, Type, token};

use super::clause::Clause;
use super::words;
use crate::diag::Diag;
use crate::meta;

/// A claims type, then clauses, all of which must hold, and perhaps words about the whole route.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) claims: Option<Type>,
    pub(crate) strict: Option<Ident>,
    pub(crate) optional: Option<Ident>,
    pub(crate) clauses: Vec<Clause>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut args = Self::default();
        meta::comma_separated(tokens, diag, |input, diag| {
            if let Some(word) = word(input)? {
                let slot = if word == "strict" { &mut args.strict } else { &mut args.optional };
                if slot.replace(word.clone()).is_some() {
                    diag.error(&word, format!("`{word}` stands here twice: remove one of the two"));
                }
                return Ok(());
            }
            if is_clause(input) {
                args.clauses.push(Clause::parse(input, diag)?);
                return Ok(());
            }
            let ty = claims_type(input)?;
            match &args.claims {
                Some(_) => {
                    diag.error(ty, "there is one claims type, and it was given already: remove this one")
                }
                None => {
                    if !args.clauses.is_empty() {
                        diag.error(&ty, "the claims type comes first: move it before the clauses");
                    }
                    args.claims = Some(ty);
                }
            }
            Ok(())
        });
        args
    }
}

/// The clauses inside of `key(…)`, where words about the whole route have no place.
pub(super) fn inner_clauses(tokens: TokenStream, key: &Ident, diag: &mut Diag) -> Vec<Clause> {
    let mut clauses = Vec::new();
    meta::comma_separated(tokens, diag, |input, diag| {
        if let Some(word) = word(input)? {
            diag.error(
                &word,
                format!("`{word}` concerns the whole route: make it an argument of `#[require_auth]` itself"),
            );
            return Ok(());
        }
        if !is_clause(input) {
            let ty = claims_type(input)?;
            diag.error(
                ty,
                format!("`{key}` takes clauses; a claims type is the first argument of `#[require_auth]`"),
            );
            return Ok(());
        }
        clauses.push(Clause::parse(input, diag)?);
        Ok(())
    });
    clauses
}

/// A word about the whole route, if one stands here.
fn word(input: ParseStream<'_>) -> Result<Option<Ident>> {
    let ahead = input.fork();
    if !ahead.call(Ident::parse_any).is_ok_and(|word| words::WORDS.iter().any(|known| word == known)) {
        return Ok(None);
    }
    let word = input.call(Ident::parse_any)?;
    match input.is_empty() || input.peek(Token![,]) {
        true => Ok(Some(word)),
        false => Err(Error::new_spanned(&word, format!("`{word}` takes no value: write `{word}`"))),
    }
}

/// Whether a clause stands here, perhaps a misspelled one, and not a type.
fn is_clause(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else { return false };
    if ahead.peek(Token![=]) || ahead.peek(token::Paren) {
        return true;
    }
    let word = word.to_string();
    (ahead.is_empty() || ahead.peek(Token![,]))
        && word.starts_with(char::is_lowercase)
        && words::meant(&word).is_some()
}

fn claims_type(input: ParseStream<'_>) -> Result<Type> {
    let rest = input.fork();
    input.parse().map_err(|_| {
        let token =
            rest.parse::<proc_macro2::TokenTree>().map_or_else(|_| TokenStream::new(), |token| token.into());
        Error::new_spanned(token, format!("expected a claims type or a clause: {}", words::list("or")))
    })
}
