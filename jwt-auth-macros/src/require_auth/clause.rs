//! The clauses of a policy.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, Ident, LitStr, Result, Token, Type, token};

use super::attr;
use super::check::Check;
use super::source::text;
use super::words::{empty, misshaped, unknown};
use crate::diag::Diag;

pub(crate) struct Clause {
    pub(crate) key: Ident,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Role(Box<Expr>),
    Scope(LitStr),
    /// The time, and how many seconds that is.
    Fresh(LitStr, u64),
    Acr(LitStr),
    Check(Check),
    Policy(Type),
    Any(Vec<Clause>),
    All(Vec<Clause>),
    Not(Box<Clause>),
}

impl Clause {
    pub(super) fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let kind = match key.to_string().as_str() {
            "role" => Kind::Role(value(input, &key)?.parse()?),
            "scope" => Kind::Scope(tokens(value(input, &key)?.parse()?, "scope", "posts:write", diag)?),
            "fresh" => fresh(value(input, &key)?.parse()?)?,
            "acr" => Kind::Acr(tokens(value(input, &key)?.parse()?, "acr", "phr", diag)?),
            "check" => Kind::Check(Check::parse(value(input, &key)?, diag)?),
            "policy" => Kind::Policy(policy(value(input, &key)?)?),
            "any" => Kind::Any(Self::list(input, &key, diag)?),
            "all" => Kind::All(Self::list(input, &key, diag)?),
            "not" => Kind::Not(Self::one(input, &key, diag)?),
            _ => return Err(unknown(&key)),
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
            return Err(empty(key));
        }
        Ok(attr::inner_clauses(tokens, key, diag))
    }

    /// `(clause)`
    fn one(input: ParseStream<'_>, key: &Ident, diag: &mut Diag) -> Result<Box<Self>> {
        let mistakes = diag.len();
        let mut clauses = Self::list(input, key, diag)?;
        match (clauses.pop(), clauses.is_empty()) {
            (Some(clause), true) => Ok(Box::new(clause)),
            // What was to stand here was not understood.
            (None, _) if diag.len() > mistakes => {
                Ok(Box::new(Self { key: key.clone(), kind: Kind::All(vec![]) }))
            }
            _ => Err(Error::new_spanned(
                key,
                "`not` takes one clause: write `not(any(…))` if none of these may hold, or `not(all(…))` if \
                 not all of them may",
            )),
        }
    }

    /// Whether this is `not(other)`.
    pub(crate) fn negates(&self, other: &Self) -> bool {
        matches!(&self.kind, Kind::Not(inner) if inner.text() == other.text())
    }

    /// The clause as it was written.
    pub(crate) fn text(&self) -> String {
        let list = |clauses: &[Self]| clauses.iter().map(Self::text).collect::<Vec<_>>().join(", ");
        let key = &self.key;
        match &self.kind {
            Kind::Role(role) => format!("{key} = {}", text(role)),
            Kind::Scope(value) | Kind::Acr(value) | Kind::Fresh(value, _) => {
                format!("{key} = {}", text(value))
            }
            Kind::Check(check) => format!("{key} = {}", check.text()),
            Kind::Policy(policy) => format!("{key} = {}", text(policy)),
            Kind::Any(clauses) | Kind::All(clauses) => format!("{key}({})", list(clauses)),
            Kind::Not(clause) => format!("{key}({})", clause.text()),
        }
    }

    /// The first of the clauses in this one that reads claims, if there is one.
    pub(crate) fn reads_claims(&self) -> Option<&Self> {
        match &self.kind {
            Kind::Role(_) | Kind::Scope(_) | Kind::Check(_) => Some(self),
            Kind::Policy(_) | Kind::Fresh(..) | Kind::Acr(_) => None,
            Kind::Any(clauses) | Kind::All(clauses) => clauses.iter().find_map(Self::reads_claims),
            Kind::Not(clause) => clause.reads_claims(),
        }
    }

    /// Whether a role is asked for in this clause.
    pub(crate) fn asks_for_a_role(&self) -> bool {
        match &self.kind {
            Kind::Role(_) => true,
            Kind::Any(clauses) | Kind::All(clauses) => clauses.iter().any(Self::asks_for_a_role),
            Kind::Not(clause) => clause.asks_for_a_role(),
            _ => false,
        }
    }

    /// The named policies in this clause.
    pub(crate) fn policies(&self) -> Vec<&Type> {
        match &self.kind {
            Kind::Policy(policy) => vec![policy],
            Kind::Any(clauses) | Kind::All(clauses) => clauses.iter().flat_map(Self::policies).collect(),
            Kind::Not(clause) => clause.policies(),
            Kind::Role(_) | Kind::Scope(_) | Kind::Fresh(..) | Kind::Acr(_) | Kind::Check(_) => Vec::new(),
        }
    }

    /// The conditions in this clause.
    pub(crate) fn checks(&mut self) -> Vec<&mut Check> {
        match &mut self.kind {
            Kind::Check(check) => vec![check],
            Kind::Any(clauses) | Kind::All(clauses) => clauses.iter_mut().flat_map(Self::checks).collect(),
            Kind::Not(clause) => clause.checks(),
            Kind::Role(_) | Kind::Scope(_) | Kind::Fresh(..) | Kind::Acr(_) | Kind::Policy(_) => Vec::new(),
        }
    }
}

/// What stands behind `=`.
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

/// The type that a policy is.
fn policy(input: ParseStream<'_>) -> Result<Type> {
    match input.fork().parse() {
        Ok(Type::Path(_) | Type::Group(_)) => input.parse(),
        _ => Err(Error::new_spanned(
            input.parse::<Expr>()?,
            "a policy is a type: declare it as `#[policy(User, …)] struct CanEditPosts;`, and write \
             `policy = CanEditPosts`",
        )),
    }
}

/// How long a sign-in counts as fresh: a time of whole seconds.
fn fresh(value: Expr) -> Result<Kind> {
    let takes = "`fresh` takes a length of time, a second at least: write `fresh = \"5m\"`";
    let literal: LitStr =
        syn::parse2(value.to_token_stream()).map_err(|_| Error::new_spanned(&value, takes))?;
    match humantime::parse_duration(&literal.value()) {
        Ok(time) if time.as_secs() > 0 && time.subsec_nanos() == 0 => {
            Ok(Kind::Fresh(literal, time.as_secs()))
        }
        Ok(_) => Err(Error::new_spanned(
            &literal,
            "a sign-in is so many whole seconds ago: write `fresh = \"5m\"`",
        )),
        Err(error) => Err(Error::new_spanned(&literal, format!("{takes} ({error})"))),
    }
}

/// Tokens with a space between: scopes (RFC 6749, section 3.3), or values of `acr`, which stand in a
/// challenge as those do.
fn tokens(value: Expr, what: &str, example: &str, diag: &mut Diag) -> Result<LitStr> {
    let literal: LitStr = syn::parse2(value.to_token_stream()).map_err(|_| {
        Error::new_spanned(
            &value,
            format!("a value of `{what}` is a string literal: write `{what} = \"{example}\"`"),
        )
    })?;
    let values = literal.value();
    let allowed = |char: char| matches!(char, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if let Some(char) = values.chars().find(|char| *char != ' ' && !allowed(*char)) {
        diag.error(
            &literal,
            format!("{char:?} cannot stand in `{what}`: it is made of printable ASCII without `\"` and `\\`"),
        );
    } else if values.split(' ').any(str::is_empty) {
        diag.error(
            &literal,
            format!("a value of `{what}` is not empty, and between two of them stands one space"),
        );
    }
    Ok(literal)
}
