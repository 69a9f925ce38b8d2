//! The place of the attribute: once, above the route attribute of a function.

use proc_macro2::Span;
use syn::{Attribute, Error};

use crate::diag::Diag;
use crate::require_auth::ast::{Attr, Handler, ROUTE_ATTRIBUTES, is_named};

/// A handler and the attributes that it keeps. It is valid if no errors were reported.
pub(crate) struct Placed<'a> {
    pub(crate) handler: &'a Handler,
    /// The handler's attributes, except those that would only cause further errors.
    pub(crate) attrs: Vec<&'a Attribute>,
}

impl Placed<'_> {
    /// Returns whether the handler may lose a parameter. Another attribute macro may refer to it by name, as in
    /// `#[tracing::instrument(skip(user))]`.
    pub(crate) fn may_lose_parameters(&self) -> bool {
        self.attrs.iter().all(|attr| is_named(attr, &ROUTE_ATTRIBUTES) || is_built_in(attr))
    }

    /// Returns whether one of the attributes makes the function a route.
    pub(crate) fn is_route(&self) -> bool {
        self.attrs.iter().any(|attr| is_named(attr, &ROUTE_ATTRIBUTES))
    }
}

/// Returns whether an attribute is known to leave the function as it is.
fn is_built_in(attr: &Attribute) -> bool {
    const NAMES: [&str; 12] = [
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "inline",
        "must_use",
        "track_caller",
        "warn",
    ];

    match attr.path().get_ident() {
        Some(name) => NAMES.iter().any(|known| name == known),
        None => {
            attr.path().segments.first().is_some_and(|tool| tool.ident == "rustfmt" || tool.ident == "clippy")
        }
    }
}

pub(crate) fn place<'a>(attr: Attr, handler: &'a Handler, diag: &mut Diag) -> Placed<'a> {
    let (others, mut attrs): (Vec<_>, Vec<_>) =
        handler.attrs.iter().partition(|other| is_named(other, &Attr::NAMES));
    for other in others {
        match is_named(other, &[attr.name()]) {
            true => diag.duplicate(other.path(), attr),
            false => diag.error(
                other.path(),
                "a route cannot have both `#[require_auth]` and `#[public]`: remove one of the two",
            ),
        }
    }
    if let Some(receiver) = handler.sig.receiver() {
        diag.error(receiver, "a method cannot be a route: write a function without `self`");
        attrs.retain(|attr| !is_named(attr, &ROUTE_ATTRIBUTES));
    } else if !handler.is_route() {
        diag.push(Error::new(
            Span::call_site(),
            format!(
                "`{attr}` must be above a route attribute: move it up, or add a route attribute below it, such as \
                 `#[get(\"/\")]`"
            ),
        ));
    }
    Placed { handler, attrs }
}
