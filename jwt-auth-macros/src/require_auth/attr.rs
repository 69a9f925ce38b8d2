//! What stands in `#[require_auth(…)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, Ident, LitStr, Result, Token, Type, token};

use crate::diag::Diag;
use crate::meta;

/// A claims type, then clauses, all of which must hold, and perhaps `strict`.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) claims: Option<Type>,
    pub(crate) strict: Option<Ident>,
    pub(crate) clauses: Vec<Clause>,
}

pub(crate) struct Clause {
    pub(crate) key: Ident,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Role(Box<Expr>),
    Scope(LitStr),
    Any(Vec<Clause>),
    All(Vec<Clause>),
}

/// The clauses, and how each is written.
const CLAUSES: [(&str, &str); 4] = [
    ("role", "role = Role::Admin"),
    ("scope", "scope = \"posts:write\""),
    ("any", "any(role = Role::Admin, scope = \"posts:write\")"),
    ("all", "all(role = Role::Admin, scope = \"posts:write\")"),
];

/// What a misspelled word may have been meant to be.
const WORDS: [&str; 5] = ["role", "scope", "any", "all", "strict"];

impl Args {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut args = Self::default();
        meta::comma_separated(tokens, diag, |input, diag| {
            if let Some(strict) = strict(input)? {
                if args.strict.replace(strict.clone()).is_some() {
                    diag.error(strict, "`strict` stands here twice: remove one of the two");
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

impl Clause {
    fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let kind = match key.to_string().as_str() {
            "role" => Kind::Role(value(input, &key)?),
            "scope" => Kind::Scope(scope(value(input, &key)?, diag)?),
            "any" => Kind::Any(Self::list(input, &key, diag)?),
            "all" => Kind::All(Self::list(input, &key, diag)?),
            _ => return Err(Error::new_spanned(&key, unknown(&key))),
        };
        Ok(Self { key, kind })
    }

    /// `(clause, clause)`
    fn list(input: ParseStream<'_>, key: &Ident, diag: &mut Diag) -> Result<Vec<Self>> {
        if !input.peek(token::Paren) {
            return Err(misshaped(key));
        }
        let inside;
        syn::parenthesized!(inside in input);
        let tokens: TokenStream = inside.parse()?;
        if tokens.is_empty() {
            return Err(Error::new_spanned(key, empty(key)));
        }
        let mut clauses = Vec::new();
        meta::comma_separated(tokens, diag, |input, diag| {
            if let Some(strict) = strict(input)? {
                diag.error(
                    strict,
                    "`strict` concerns the whole route: make it an argument of `#[require_auth]` itself",
                );
                return Ok(());
            }
            if !is_clause(input) {
                let ty = claims_type(input)?;
                diag.error(
                    ty,
                    format!(
                        "`{key}` takes clauses; a claims type is the first argument of `#[require_auth]`"
                    ),
                );
                return Ok(());
            }
            clauses.push(Self::parse(input, diag)?);
            Ok(())
        });
        Ok(clauses)
    }
}

/// The word `strict`, if it stands here.
fn strict(input: ParseStream<'_>) -> Result<Option<Ident>> {
    let ahead = input.fork();
    if !ahead.call(Ident::parse_any).is_ok_and(|word| word == "strict") {
        return Ok(None);
    }
    let word = input.call(Ident::parse_any)?;
    match input.is_empty() || input.peek(Token![,]) {
        true => Ok(Some(word)),
        false => Err(Error::new_spanned(&word, "`strict` takes no value: write `strict`")),
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
        && meta::suggestion(&word, &WORDS).is_some()
}

fn claims_type(input: ParseStream<'_>) -> Result<Type> {
    let rest = input.fork();
    input.parse().map_err(|_| {
        let token =
            rest.parse::<proc_macro2::TokenTree>().map_or_else(|_| TokenStream::new(), |token| token.into());
        Error::new_spanned(
            token,
            "expected a claims type or a clause: `role = …`, `scope = \"…\"`, `any(…)` or `all(…)`",
        )
    })
}

/// `= value`
fn value(input: ParseStream<'_>, key: &Ident) -> Result<Box<Expr>> {
    if !input.peek(Token![=]) || input.peek(Token![==]) {
        return Err(misshaped(key));
    }
    input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(misshaped(key));
    }
    input.parse()
}

/// Scope tokens of RFC 6749, section 3.3, with a space between.
fn scope(value: Box<Expr>, diag: &mut Diag) -> Result<LitStr> {
    let literal: LitStr = syn::parse2(value.to_token_stream()).map_err(|_| {
        Error::new_spanned(&value, "a scope is a string literal: write `scope = \"posts:write\"`")
    })?;
    let scopes = literal.value();
    let allowed = |char: char| matches!(char, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if let Some(char) = scopes.chars().find(|char| *char != ' ' && !allowed(*char)) {
        diag.error(
            &literal,
            format!("{char:?} cannot stand in a scope: it is made of printable ASCII without `\"` and `\\`"),
        );
    } else if scopes.split(' ').any(str::is_empty) {
        diag.error(&literal, "a scope is not empty, and between two of them stands one space");
    }
    Ok(literal)
}

fn misshaped(key: &Ident) -> Error {
    let form = CLAUSES.iter().find(|(name, _)| key == name).map_or("", |(_, form)| *form);
    let takes = if form.contains('(') { "a list of clauses" } else { "its value after a `=`" };
    Error::new_spanned(key, format!("`{key}` takes {takes}: write `{form}`"))
}

fn empty(key: &Ident) -> String {
    match key == "any" {
        true => "`any()` of nothing would let nobody in: write the clauses of which one is enough".to_owned(),
        false => format!("`{key}()` of nothing asks for nothing: write its clauses, or remove it"),
    }
}

fn unknown(key: &Ident) -> String {
    match meta::suggestion(&key.to_string(), &WORDS) {
        Some(meant) => format!("unknown clause `{key}`: did you mean `{meant}`?"),
        None => format!(
            "unknown clause `{key}`: there are `role = …`, `scope = \"…\"`, `any(…)`, `all(…)` and `strict`"
        ),
    }
}
