//! Paths to nested data: `user.id`, `resource_access["web"].roles`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Lit, LitStr, Member, Result};

/// A path that starts at a field of the claims struct.
pub(crate) struct FieldPath {
    pub(crate) first: Member,
    pub(crate) rest: Vec<Step>,
}

pub(crate) enum Step {
    /// `.id`
    Field(Member),
    /// `["web"]`
    Key(LitStr),
}

impl FieldPath {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let expr: Expr = syn::parse2(tokens)?;
        let mut rest = Vec::new();
        let first = walk(&expr, &mut rest)?;
        Ok(Self { first, rest })
    }

    /// Returns the first key in brackets.
    pub(crate) fn key(&self) -> Option<&LitStr> {
        self.rest.iter().find_map(|step| match step {
            Step::Key(key) => Some(key),
            Step::Field(_) => None,
        })
    }
}

impl ToTokens for FieldPath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { first, rest } = self;
        tokens.extend(quote!(#first #(#rest)*));
    }
}

impl ToTokens for Step {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Field(member) => quote!(.#member),
            Self::Key(key) => quote!([#key]),
        });
    }
}

impl Step {
    /// Returns the span of the name or the key.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Field(member) => member.span(),
            Self::Key(key) => key.span(),
        }
    }
}

/// Collects the steps, and returns the field that the path starts at.
fn walk(expr: &Expr, steps: &mut Vec<Step>) -> Result<Member> {
    match expr {
        Expr::Path(path) => path.path.require_ident().cloned().map(Member::Named),
        Expr::Group(group) => walk(&group.expr, steps),
        Expr::Field(field) => {
            let first = walk(&field.base, steps)?;
            steps.push(Step::Field(field.member.clone()));
            Ok(first)
        }
        Expr::Index(index) => {
            let first = walk(&index.expr, steps)?;
            steps.push(Step::Key(key(&index.index)?));
            Ok(first)
        }
        other => Err(Error::new_spanned(other, NOT_A_PATH)),
    }
}

const NOT_A_PATH: &str = "expected field names separated by dots, and keys of maps in brackets: write `resource_access[\"web\"].roles`";

fn key(expr: &Expr) -> Result<LitStr> {
    match expr {
        Expr::Group(group) => key(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(key), .. }) => Ok(key.clone()),
        other => Err(Error::new_spanned(other, "expected a quoted key of a map: write `[\"web\"]`")),
    }
}
