//! The arguments of `#[require_auth(…)]` and `#[policy(…)]`.

use proc_macro2::TokenStream;
use syn::{Ident, Type};

use super::ast::is_inferred;
use super::clause::Clause;
use super::words::{claims_type, flag, is_clause, is_variant};
use crate::diag::Diag;
use crate::meta;
use crate::pretty::text;

/// A claims type, then clauses, all of which must hold, and flags for the whole route.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) claims: Option<Type>,
    pub(crate) strict: Option<Ident>,
    pub(crate) or_not_found: Option<Ident>,
    pub(crate) optional: Option<Ident>,
    pub(crate) header: Option<Ident>,
    pub(crate) cookie: Option<Ident>,
    pub(crate) cross_origin: Option<Ident>,
    pub(crate) clauses: Vec<Clause>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Self {
        let mut args = Self::default();
        meta::comma_separated(tokens, diag, |input, diag| {
            if let Some(flag) = flag(input)? {
                let slot = args.flag(&flag);
                if slot.replace(flag.clone()).is_some() {
                    diag.duplicate(&flag, &flag);
                }
                return Ok(());
            }
            if is_clause(input) {
                args.clauses.push(Clause::parse(input, diag)?);
                return Ok(());
            }
            let ty = claims_type(input)?;
            if is_inferred(&ty) {
                diag.error(ty, "the claims type cannot be inferred: replace `_` with it");
                return Ok(());
            }
            match &args.claims {
                Some(_) => {
                    let problem = match &ty {
                        Type::Path(path) if is_variant(&path.path) => {
                            format!("expected a clause: for a role, write `role = {}`", text(&ty))
                        }
                        _ => "duplicate claims type: remove one of the two".to_owned(),
                    };
                    diag.error(ty, problem);
                }
                None => {
                    if !args.clauses.is_empty() {
                        diag.error(&ty, "the claims type must come first: move it before the clauses");
                    }
                    args.claims = Some(ty);
                }
            }
            Ok(())
        });
        args
    }

    /// The place for a flag.
    fn flag(&mut self, flag: &Ident) -> &mut Option<Ident> {
        match flag.to_string().as_str() {
            "strict" => &mut self.strict,
            "or_not_found" => &mut self.or_not_found,
            "optional" => &mut self.optional,
            "header" => &mut self.header,
            "cookie" => &mut self.cookie,
            _ => &mut self.cross_origin,
        }
    }
}
