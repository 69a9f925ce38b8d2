//! Resolves the parameters of conditions: by name to parameters of the route, by type to request guards.

use quote::{ToTokens, quote};
use syn::{Error, Type};

use crate::meta;
use crate::pretty::text;
use crate::require_auth::ast::Handler;
use crate::require_auth::check::Parameter;
use crate::require_auth::lifetimes::without_lifetimes;
use crate::require_auth::route::{Argument, Route};

/// The names that a condition can use.
pub(crate) struct Resolver<'a> {
    /// The route, unless the condition belongs to a named policy.
    route: Option<&'a Route>,
    /// The handler's own parameters: names and types.
    declared: Vec<(String, &'a Type)>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn for_route(handler: &'a Handler) -> Self {
        Self { route: Some(&handler.route), declared: handler.named_parameters().collect() }
    }

    /// For a named policy, which has request guards only.
    pub(crate) fn for_named_policy() -> Self {
        Self { route: None, declared: Vec::new() }
    }

    /// Returns whether the route has a parameter of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.route.is_some_and(|route| route.part(name).is_some())
    }

    /// Finds the argument for a parameter.
    pub(crate) fn resolve(&self, parameter: &Parameter) -> Result<Argument<'a>, Error> {
        let name = parameter.name();
        let Some(route) = self.route else { return Self::resolve_without_route(parameter) };
        if !route.is_parsed {
            let ident = &parameter.ident;
            return Err(Error::new_spanned(
                ident,
                format!(
                    "cannot resolve `{name}`: the route attribute needs a URI, as in `#[get(\"/<{name}>\")]`"
                ),
            ));
        }
        if let Some(part) = route.part(&name) {
            let declared = self.declared(&name);
            if let Some(ty) = &parameter.ty
                && let (Some(read), Some(declared)) = (value_type(ty), declared.and_then(value_type))
                && read != declared
            {
                return Err(Error::new_spanned(
                    ty,
                    format!(
                        "`{name}` is a `{declared}` in the handler: write the same type here, or omit the type"
                    ),
                ));
            }
            // If the handler does not declare the parameter, Rocket reports that.
            let ty = declared.map_or_else(|| quote!(_), ToTokens::to_token_stream);
            return Ok(Argument::Uri(route, part, without_lifetimes(ty)));
        }
        if route.body.as_deref() == Some(&*name) {
            return Err(Error::new_spanned(
                &parameter.ident,
                format!(
                    "a `check` cannot take the body, because it runs before the body is read: \
                     check `{name}` in the handler"
                ),
            ));
        }
        match (&parameter.ty, self.declared(&name)) {
            (Some(ty), _) if !self.is_mistaken(&name, ty) => Ok(guard(ty)),
            (None, Some(ty)) => Ok(guard(ty)),
            _ => Err(Error::new_spanned(&parameter.ident, self.unknown(&name, route))),
        }
    }

    /// Finds the argument for a parameter of a named policy's condition.
    fn resolve_without_route(parameter: &Parameter) -> Result<Argument<'a>, Error> {
        match &parameter.ty {
            Some(ty) if value_type(ty).is_none() => Ok(guard(ty)),
            _ => {
                let name = parameter.name();
                Err(Error::new_spanned(
                    &parameter.ident,
                    format!(
                        "a named policy cannot take parameters of a route: move the `check` to the route, \
                         `#[require_auth(policy = …, check = |user, {name}| …)]`, or, if `{name}` is a request \
                         guard, write its type: `{name}: &State<Db>`"
                    ),
                ))
            }
        }
    }

    /// The type of the handler's parameter of this name.
    fn declared(&self, name: &str) -> Option<&'a Type> {
        self.declared.iter().find(|(declared, _)| declared == name).map(|(_, ty)| *ty)
    }

    /// Returns whether this was probably meant as a parameter of the route: its name is similar to that of one with
    /// the same type, or its type is not a request guard.
    fn is_mistaken(&self, name: &str, ty: &Type) -> bool {
        let meant = self.meant(name).and_then(|meant| self.declared(meant));
        value_type(ty).is_some() || meant.is_some_and(|meant| text(meant) == text(ty))
    }

    /// The parameter of the route with a name similar to this one.
    fn meant(&self, name: &str) -> Option<&'a str> {
        meta::suggestion(name, &self.route?.names())
    }

    fn unknown(&self, name: &str, route: &Route) -> String {
        if let Some(meant) = self.meant(name) {
            return format!("the route has no parameter `{name}`: did you mean `{meant}`?");
        }
        let names: Vec<_> = route.names().iter().map(|name| format!("`{name}`")).collect();
        let only = match names.as_slice() {
            [] => String::new(),
            [name] => format!(", only {name}"),
            [names @ .., last] => format!(", only {} and {last}", names.join(", ")),
        };
        format!(
            "the route has no parameter `{name}`{only}: add `<{name}>` to its URI, or, if `{name}` is a request \
             guard, write its type: `{name}: &State<Db>`"
        )
    }
}

fn guard<'a>(ty: &Type) -> Argument<'a> {
    Argument::Guard(without_lifetimes(ty.to_token_stream()))
}

/// The text of a type that is not a request guard and has only one spelling.
fn value_type(ty: &Type) -> Option<String> {
    const VALUES: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "bool",
        "f32", "f64", "String", "&str",
    ];

    let written = text(without_lifetimes(ty.to_token_stream())).replace("&'_ ", "&");
    VALUES.contains(&&*written).then_some(written)
}
