//! The condition of a `check`: the path of a function, or a closure that takes the claims, the route's parameters
//! and request guards.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprPath, Ident, Pat, Result, ReturnType, Token, Type};

use crate::diag::Diag;
use crate::meta;
use crate::pretty::text;

pub(crate) enum Check {
    Closure(Box<Closure>),
    Function(ExprPath),
}

pub(crate) struct Closure {
    /// Whether the closure starts with `async`.
    pub(crate) is_async: bool,
    /// The first parameter, with its type if the closure declares one.
    pub(crate) claims: (Pat, Option<Type>),
    /// The other parameters, which are resolved by name.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) output: ReturnType,
    /// Not parsed: it may be incomplete while the user types.
    pub(crate) body: TokenStream,
}

pub(crate) struct Parameter {
    pub(crate) pat: Pat,
    pub(crate) ident: Ident,
    pub(crate) ty: Option<Type>,
}

impl Parameter {
    /// The name, as in the route's URI.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

impl Check {
    pub(super) fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        if Closure::begins(input) {
            return Closure::parse(input, diag).map(|closure| Self::Closure(Box::new(closure)));
        }
        match input.parse()? {
            Expr::Path(path) => Ok(Self::Function(path)),
            // An `expr` fragment of a `macro_rules!` macro.
            Expr::Group(group) => {
                (|input: ParseStream<'_>| Self::parse(input, diag)).parse2(group.expr.into_token_stream())
            }
            Expr::Call(call) => {
                let (function, arguments) = (text(&call.func), text(&call.args));
                let user = call.args.first().map_or_else(|| "user".to_owned(), text);
                let arguments = if arguments.is_empty() { "user" } else { &arguments };
                Err(Error::new_spanned(
                    &call,
                    format!(
                        "a `check` is called on each request: write `check = {function}`, or a closure, \
                         `check = |{user}| {function}({arguments})`"
                    ),
                ))
            }
            other => Err(Error::new_spanned(
                other,
                "`check` takes a closure, or the path of a function: write `check = |user, id: u64| user.id == id`",
            )),
        }
    }

    /// The condition as written in the source.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Function(path) => text(path),
            Self::Closure(closure) => format!("{} {}", closure.head(), text(&closure.body)),
        }
    }

    /// The condition as written in the source; a long closure is cut after its head.
    pub(crate) fn short_text(&self) -> String {
        const LONGEST: usize = 100;

        match (self.text(), self) {
            (text, Self::Closure(closure)) if text.chars().count() > LONGEST => {
                format!("{} …", closure.head())
            }
            (text, _) => text,
        }
    }
}

impl Closure {
    fn begins(input: ParseStream<'_>) -> bool {
        let ahead = input.fork();
        let _: Result<Option<Token![async]>> = ahead.parse();
        let _: Result<Option<Token![move]>> = ahead.parse();
        ahead.peek(Token![|])
    }

    fn parse(input: ParseStream<'_>, diag: &mut Diag) -> Result<Self> {
        let is_async = input.parse::<Option<Token![async]>>()?.is_some();
        input.parse::<Option<Token![move]>>()?;
        let or1: Token![|] = input.parse()?;
        let mut inputs: Punctuated<(Pat, Option<Type>), Token![,]> = Punctuated::new();
        while !input.peek(Token![|]) {
            inputs.push_value(parameter(input)?);
            if input.peek(Token![|]) {
                break;
            }
            inputs.push_punct(input.parse()?);
        }
        input.parse::<Token![|]>()?;
        let output = input.parse()?;
        let body = body(input)?;

        let mut inputs = inputs.into_iter();
        let Some(claims) = inputs.next() else {
            return Err(Error::new_spanned(
                or1,
                "the first parameter of a `check` is the claims: write `check = |user| …`",
            ));
        };
        let parameters = inputs.filter_map(|(pat, ty)| named(pat, ty, diag)).collect();
        Ok(Self { is_async, claims, parameters, output, body })
    }

    /// `async |user, id: u64|`
    fn head(&self) -> String {
        let typed = |pat: &Pat, ty: &Option<Type>| match ty {
            Some(ty) => format!("{}: {}", text(pat), text(ty)),
            None => text(pat),
        };
        let others = self.parameters.iter().map(|parameter| typed(&parameter.pat, &parameter.ty));
        let inputs: Vec<_> = std::iter::once(typed(&self.claims.0, &self.claims.1)).chain(others).collect();
        let output = self.output.to_token_stream();
        let output = if output.is_empty() { String::new() } else { format!(" {}", text(output)) };
        format!("{}|{}|{output}", if self.is_async { "async " } else { "" }, inputs.join(", "))
    }
}

/// `pattern` or `pattern: Type`
fn parameter(input: ParseStream<'_>) -> Result<(Pat, Option<Type>)> {
    let pat = Pat::parse_single(input)?;
    let ty = match input.parse::<Option<Token![:]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    Ok((pat, ty))
}

/// An expression; if the input is not an expression yet, the tokens before the next comma.
fn body(input: ParseStream<'_>) -> Result<TokenStream> {
    if input.fork().parse::<Expr>().is_ok() {
        return input.parse::<Expr>().map(ToTokens::into_token_stream);
    }
    meta::up_to_comma(input)
}

/// A parameter after the claims, which must be a plain name.
fn named(pat: Pat, ty: Option<Type>, diag: &mut Diag) -> Option<Parameter> {
    match &pat {
        Pat::Ident(named) if named.by_ref.is_none() && named.subpat.is_none() => {
            let ident = named.ident.clone();
            Some(Parameter { pat, ident, ty })
        }
        _ => {
            diag.error(
                pat,
                "a `check` takes the route's parameters by name, not by pattern: write the name, and destructure it \
                 in the body",
            );
            None
        }
    }
}
