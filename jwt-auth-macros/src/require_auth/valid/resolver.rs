//! Resolves the parameters of conditions: by name to parameters of the route, by type to request guards.

use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Error, Ident, Type};

use super::parameters::PolicyParameter;
use crate::meta;
use crate::pretty::text;
use crate::require_auth::ast::Handler;
use crate::require_auth::check::Parameter;
use crate::require_auth::lifetimes::without_lifetimes;
use crate::require_auth::route::{Argument, Route};

/// The names that a condition can use.
pub(crate) struct Resolver<'a> {
    scope: Scope<'a>,
    /// The parameters of the handler or of the named policy: names and types.
    declared: Vec<(String, &'a Type)>,
}

/// The place of a condition.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Route(&'a Route),
    /// The named policy of this name.
    Policy(&'a Ident),
}

impl<'a> Resolver<'a> {
    pub(crate) fn for_route(handler: &'a Handler) -> Self {
        Self { scope: Scope::Route(&handler.route), declared: handler.named_parameters().collect() }
    }

    /// For a named policy, which has the parameters that its struct declares.
    pub(crate) fn for_named_policy(name: &'a Ident, parameters: &[PolicyParameter<'a>]) -> Self {
        let declared = parameters.iter().map(|parameter| (parameter.name(), parameter.ty));
        Self { scope: Scope::Policy(name), declared: declared.collect() }
    }

    /// Returns whether the route or the named policy has a parameter of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self.scope {
            Scope::Route(route) => route.part(name).is_some(),
            Scope::Policy(_) => self.declared(name).is_some(),
        }
    }

    /// Finds the argument that a named policy takes by this name.
    pub(crate) fn resolve_name(&self, ident: &Ident) -> Result<Argument<'a>, Error> {
        let name = ident.unraw().to_string();
        let problem = match self.scope {
            Scope::Policy(policy) => match self.own(&name) {
                Some(argument) => return Ok(argument),
                None => self.unknown_field(&name, policy),
            },
            Scope::Route(route) => match route.part(&name) {
                Some(part) => {
                    // If the handler does not declare the parameter, Rocket reports that.
                    let ty = self.declared(&name).map_or_else(|| quote!(_), ToTokens::to_token_stream);
                    return Ok(Argument::Uri(route, part, ty));
                }
                None if !route.is_parsed => without_uri(&name),
                None if route.body.as_deref() == Some(&*name) => format!(
                    "a policy cannot take the body, because it is decided before the body is read: check `{name}` in \
                     the handler"
                ),
                None => self.unknown(&name, route, ""),
            },
        };
        Err(Error::new_spanned(ident, problem))
    }

    /// Finds the argument for a parameter.
    pub(crate) fn resolve(&self, parameter: &Parameter) -> Result<Argument<'a>, Error> {
        let name = parameter.name();
        let route = match self.scope {
            Scope::Route(route) => route,
            Scope::Policy(policy) => return self.resolve_in_policy(parameter, policy),
        };
        if !route.is_parsed {
            return Err(Error::new_spanned(&parameter.ident, without_uri(&name)));
        }
        if let Some(part) = route.part(&name) {
            let declared = self.declared(&name);
            check_type(parameter, declared, "handler")?;
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
            _ => Err(Error::new_spanned(&parameter.ident, self.unknown(&name, route, &or_guard(&name)))),
        }
    }

    /// Finds the argument for a parameter of a named policy's condition.
    fn resolve_in_policy(&self, parameter: &Parameter, policy: &Ident) -> Result<Argument<'a>, Error> {
        let name = parameter.name();
        if let Some(argument) = self.own(&name) {
            check_type(parameter, self.declared(&name), "policy")?;
            return Ok(argument);
        }
        match &parameter.ty {
            Some(ty) if !self.is_mistaken(&name, ty) => Ok(guard(ty)),
            ty => {
                let is_value = ty.as_ref().is_some_and(|ty| value_type(ty).is_some());
                let or = match is_value || self.meant(&name).is_some() {
                    true => String::new(),
                    false => or_guard(&name),
                };
                Err(Error::new_spanned(&parameter.ident, self.unknown_field(&name, policy) + &or))
            }
        }
    }

    /// The parameter of this name of the named policy.
    fn own(&self, name: &str) -> Option<Argument<'a>> {
        let index = self.declared.iter().position(|(declared, _)| declared == name)?;
        Some(Argument::Own(index, without_lifetimes(self.declared[index].1.to_token_stream())))
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

    /// The parameter of the route or of the named policy with a name similar to this one.
    fn meant(&self, name: &str) -> Option<&str> {
        match self.scope {
            Scope::Route(route) => meta::suggestion(name, &route.names()),
            Scope::Policy(_) => {
                let names: Vec<&str> = self.declared.iter().map(|(name, _)| name.as_str()).collect();
                meta::suggestion(name, &names)
            }
        }
    }

    fn unknown_field(&self, name: &str, policy: &Ident) -> String {
        match self.meant(name) {
            Some(meant) => format!("the policy has no parameter `{name}`: did you mean `{meant}`?"),
            None => format!(
                "the policy has no parameter `{name}`: add it as a field, `struct {policy} {{ {name}: … }}`"
            ),
        }
    }

    fn unknown(&self, name: &str, route: &Route, or: &str) -> String {
        if let Some(meant) = self.meant(name) {
            return format!("the route has no parameter `{name}`: did you mean `{meant}`?");
        }
        let names: Vec<_> = route.names().iter().map(|name| format!("`{name}`")).collect();
        let only = match names.as_slice() {
            [] => String::new(),
            [name] => format!(", only {name}"),
            [names @ .., last] => format!(", only {} and {last}", names.join(", ")),
        };
        format!("the route has no parameter `{name}`{only}: add `<{name}>` to its URI{or}")
    }
}

/// Checks a type that a condition declares for a parameter against the parameter's own type.
fn check_type(parameter: &Parameter, declared: Option<&Type>, by: &str) -> Result<(), Error> {
    let name = parameter.name();
    match (&parameter.ty, declared.and_then(value_type)) {
        (Some(ty), Some(declared)) if value_type(ty).is_some_and(|read| read != declared) => {
            let message =
                format!("`{name}` is a `{declared}` in the {by}: write the same type here, or omit the type");
            Err(Error::new_spanned(ty, message))
        }
        _ => Ok(()),
    }
}

fn or_guard(name: &str) -> String {
    format!(", or, if `{name}` is a request guard, write its type: `{name}: &State<Db>`")
}

fn without_uri(name: &str) -> String {
    format!("cannot resolve `{name}`: the route attribute needs a URI, as in `#[get(\"/<{name}>\")]`")
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
