//! The named policy of a `policy` clause, and the names of its arguments.

use quote::ToTokens;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Error, Expr, ExprCall, Ident, Result, Type};

use crate::diag::Diag;
use crate::pretty::text;

/// `CanEdit` or `Owns(id)`
pub(crate) struct NamedPolicy {
    pub(crate) ty: Type,
    /// The names in parentheses, if there are any.
    pub(crate) arguments: Option<Vec<Ident>>,
}

impl NamedPolicy {
    pub(super) fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        let ahead = input.fork();
        if let Ok(Expr::Call(call)) = ahead.parse()
            && let Ok(ty @ (Type::Path(_) | Type::Group(_))) = syn::parse2(call.func.to_token_stream())
        {
            input.advance_to(&ahead);
            return Self::with_arguments(ty, &call, diag);
        }
        match input.fork().parse() {
            Ok(Type::Path(_) | Type::Group(_)) => Ok(Self { ty: input.parse()?, arguments: None }),
            _ => Err(Error::new_spanned(
                input.parse::<Expr>()?,
                "a policy is a type: declare `#[policy(User, …)] struct CanEditPosts;`, and write \
                 `policy = CanEditPosts`",
            )),
        }
    }

    fn with_arguments(ty: Type, call: &ExprCall, diag: &mut Diag) -> Result<Self> {
        let policy = text(&ty);
        if call.args.is_empty() {
            return Err(Error::new_spanned(
                call,
                format!("there are no names in the parentheses: write `policy = {policy}`"),
            ));
        }
        let mut arguments = Vec::new();
        for argument in &call.args {
            match name(argument) {
                Some(name) => arguments.push(name),
                None => diag.error(
                    argument,
                    format!(
                        "a policy takes parameters of the route by name, such as `policy = {policy}(id)`: write a \
                         name, or a `check` instead of the policy"
                    ),
                ),
            }
        }
        Ok(Self { ty, arguments: Some(arguments) })
    }

    /// The policy as written in the source.
    pub(crate) fn text(&self) -> String {
        match &self.arguments {
            None => text(&self.ty),
            Some(names) => {
                let names: Vec<_> = names.iter().map(ToString::to_string).collect();
                format!("{}({})", text(&self.ty), names.join(", "))
            }
        }
    }
}

/// The name, if an argument is one.
fn name(argument: &Expr) -> Option<Ident> {
    match argument {
        Expr::Path(path) if path.attrs.is_empty() => path.path.get_ident().cloned(),
        // An `expr` fragment of a `macro_rules!` macro.
        Expr::Group(group) => name(&group.expr),
        _ => None,
    }
}
