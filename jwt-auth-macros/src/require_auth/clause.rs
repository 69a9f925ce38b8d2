//! The clauses of a policy.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, Ident, LitStr, Result, Token, token};

use super::check::Check;
use super::named::NamedPolicy;
use super::words::{bare_value, claims_type, empty, flag, is_clause, misshaped, unknown};
use crate::diag::Diag;
use crate::meta;
use crate::pretty::text;

pub(crate) struct Clause {
    pub(crate) key: Ident,
    pub(crate) kind: ClauseKind,
}

pub(crate) enum ClauseKind {
    Role(Box<Expr>),
    Scope(LitStr),
    /// The maximum age of a sign-in, and its length in seconds.
    Fresh(LitStr, u64),
    Acr(LitStr),
    Check(Check),
    Policy(NamedPolicy),
    Any(Vec<Clause>),
    All(Vec<Clause>),
    Not(Box<Clause>),
}

impl Clause {
    pub(super) fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let kind = match key.to_string().as_str() {
            "role" => ClauseKind::Role(role(value(input, &key)?)?),
            "scope" => ClauseKind::Scope(tokens(value(input, &key)?.parse()?, "scope", "posts:write", diag)?),
            "fresh" => fresh(value(input, &key)?.parse()?)?,
            "acr" => ClauseKind::Acr(tokens(value(input, &key)?.parse()?, "acr", "phr", diag)?),
            "check" => ClauseKind::Check(Check::parse(value(input, &key)?, diag)?),
            "policy" => ClauseKind::Policy(NamedPolicy::parse(value(input, &key)?, diag)?),
            "any" => ClauseKind::Any(list(input, &key, diag)?),
            "all" => ClauseKind::All(list(input, &key, diag)?),
            "not" => ClauseKind::Not(one(input, &key, diag)?),
            _ => return Err(unknown(&key)),
        };
        Ok(Self { key, kind })
    }

    /// Returns whether this is `not(other)`.
    pub(crate) fn negates(&self, other: &Self) -> bool {
        matches!(&self.kind, ClauseKind::Not(inner) if inner.text() == other.text())
    }

    /// The clause as written in the source.
    pub(crate) fn text(&self) -> String {
        let list = |clauses: &[Self]| clauses.iter().map(Self::text).collect::<Vec<_>>().join(", ");
        let key = &self.key;
        match &self.kind {
            ClauseKind::Role(role) => format!("{key} = {}", text(role)),
            ClauseKind::Scope(value) | ClauseKind::Acr(value) | ClauseKind::Fresh(value, _) => {
                format!("{key} = {}", text(value))
            }
            ClauseKind::Check(check) => format!("{key} = {}", check.text()),
            ClauseKind::Policy(policy) => format!("{key} = {}", policy.text()),
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => format!("{key}({})", list(clauses)),
            ClauseKind::Not(clause) => format!("{key}({})", clause.text()),
        }
    }

    /// The first clause in this one that reads claims.
    pub(crate) fn reads_claims(&self) -> Option<&Self> {
        match &self.kind {
            ClauseKind::Role(_) | ClauseKind::Scope(_) | ClauseKind::Check(_) => Some(self),
            ClauseKind::Policy(_) | ClauseKind::Fresh(..) | ClauseKind::Acr(_) => None,
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                clauses.iter().find_map(Self::reads_claims)
            }
            ClauseKind::Not(clause) => clause.reads_claims(),
        }
    }

    /// The named policies in this clause.
    pub(crate) fn policies(&self) -> Vec<&NamedPolicy> {
        match &self.kind {
            ClauseKind::Policy(policy) => vec![policy],
            ClauseKind::Any(clauses) | ClauseKind::All(clauses) => {
                clauses.iter().flat_map(Self::policies).collect()
            }
            ClauseKind::Not(clause) => clause.policies(),
            ClauseKind::Role(_)
            | ClauseKind::Scope(_)
            | ClauseKind::Fresh(..)
            | ClauseKind::Acr(_)
            | ClauseKind::Check(_) => Vec::new(),
        }
    }
}

/// The input after `=`.
fn value<'a>(input: ParseStream<'a>, key: &Ident) -> Result<ParseStream<'a>> {
    if !input.peek(Token![=]) || input.peek(Token![==]) {
        return Err(misshaped(key));
    }
    input.parse::<Token![=]>()?;
    match input.is_empty() || input.peek(Token![,]) {
        true => Err(misshaped(key)),
        false => Ok(input),
    }
}

/// `(clause, clause)`
fn list(input: ParseStream<'_>, key: &Ident, diag: &mut Diag) -> Result<Vec<Clause>> {
    if !input.peek(token::Paren) {
        return Err(misshaped(key));
    }
    let inside;
    syn::parenthesized!(inside in input);
    let tokens: TokenStream = inside.parse()?;
    if tokens.is_empty() {
        return Err(empty(key));
    }
    Ok(inner_clauses(tokens, key, diag))
}

/// The clauses inside `key(…)`, where flags and claims types are not allowed.
fn inner_clauses(tokens: TokenStream, key: &Ident, diag: &mut Diag) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut values: Vec<TokenStream> = Vec::new();
    meta::comma_separated(tokens, diag, |input, diag| {
        if let Some(flag) = flag(input)? {
            diag.error(&flag, format!("`{flag}` applies to the whole route: move it out of `{key}(…)`"));
            return Ok(());
        }
        if let Some(value) = bare_value(input) {
            values.push(value);
            return Ok(());
        }
        if !is_clause(input) {
            let ty = claims_type(input)?;
            diag.error(
                ty,
                format!(
                    "`{key}` takes only clauses: make the claims type the first argument of the attribute"
                ),
            );
            return Ok(());
        }
        clauses.push(Clause::parse(input, diag)?);
        Ok(())
    });
    if let Some(first) = values.first() {
        let roles = values.iter().map(|value| format!("role = {}", text(value)));
        let inside: Vec<_> = clauses.iter().map(Clause::text).chain(roles).collect();
        diag.error(first, format!("`{key}` takes clauses: write `{key}({})`", inside.join(", ")));
    }
    clauses
}

/// The value of a `role`, which is one role.
fn role(input: ParseStream<'_>) -> Result<Box<Expr>> {
    let role: Expr = input.parse()?;
    if let Expr::Array(list) = &role {
        let roles: Vec<_> = list.elems.iter().map(|role| format!("role = {}", text(role))).collect();
        return Err(Error::new_spanned(
            list,
            format!("`role` takes one role: to accept any of several, write `any({})`", roles.join(", ")),
        ));
    }
    Ok(Box::new(role))
}

/// `(clause)`
fn one(input: ParseStream<'_>, key: &Ident, diag: &mut Diag) -> Result<Box<Clause>> {
    let errors = diag.len();
    let mut clauses = list(input, key, diag)?;
    match (clauses.pop(), clauses.is_empty()) {
        (Some(clause), true) => Ok(Box::new(clause)),
        // The clause inside did not parse, which was reported: this takes its place.
        (None, _) if diag.len() > errors => {
            Ok(Box::new(Clause { key: key.clone(), kind: ClauseKind::All(vec![]) }))
        }
        _ => Err(Error::new_spanned(
            key,
            "`not` takes one clause: write `not(any(…))` to reject callers who meet any of these, or \
             `not(all(…))` to reject callers who meet all of them",
        )),
    }
}

/// The maximum age of a sign-in, in whole seconds.
fn fresh(value: Expr) -> Result<ClauseKind> {
    let literal: LitStr = syn::parse2(value.to_token_stream()).map_err(|_| {
        Error::new_spanned(&value, "`fresh` takes a duration in quotes: write `fresh = \"5m\"`")
    })?;
    match humantime::parse_duration(&literal.value()) {
        Ok(time) if time.as_secs() > 0 && time.subsec_nanos() == 0 => {
            Ok(ClauseKind::Fresh(literal, time.as_secs()))
        }
        Ok(_) => Err(Error::new_spanned(
            &literal,
            "`fresh` takes a whole number of seconds, 1 or more: write `fresh = \"5m\"`",
        )),
        Err(error) => {
            Err(Error::new_spanned(&literal, format!("invalid duration ({error}): write `fresh = \"5m\"`")))
        }
    }
}

/// Space-separated tokens: scopes (RFC 6749, section 3.3), or values of `acr`, which have the same syntax because
/// a challenge quotes them too.
fn tokens(value: Expr, what: &str, example: &str, diag: &mut Diag) -> Result<LitStr> {
    let literal: LitStr = syn::parse2(value.to_token_stream()).map_err(|_| {
        Error::new_spanned(&value, format!("`{what}` takes a string literal: write `{what} = \"{example}\"`"))
    })?;
    let values = literal.value();
    let allowed = |char: char| matches!(char, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if let Some(char) = values.chars().find(|char| *char != ' ' && !allowed(*char)) {
        diag.error(
            &literal,
            format!("invalid character {char:?} in `{what}`: use printable ASCII, except `\"` and `\\`"),
        );
    } else if values.is_empty() {
        diag.error(&literal, format!("`{what}` must not be empty: write `{what} = \"{example}\"`"));
    } else if values.split(' ').any(str::is_empty) {
        diag.error(
            &literal,
            format!("values of `{what}` are separated by single spaces: remove the extra ones"),
        );
    }
    Ok(literal)
}
