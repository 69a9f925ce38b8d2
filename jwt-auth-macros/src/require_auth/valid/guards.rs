//! The rules for a handler's guards, which must agree with the attribute on whether callers have a token.

use syn::Type;

use crate::diag::Diag;
use crate::pretty::text;
use crate::require_auth::ast::{Handler, argument_of};

/// Rejects parameters for callers without a token on a route where every caller has one.
pub(super) fn with_token(handler: &Handler, diag: &mut Diag) {
    for ty in handler.parameters() {
        let optional = optional(ty).and_then(|ty| argument_of("Auth", ty));
        if let Some(claims) = optional.or_else(|| argument_of("MaybeAuth", ty)) {
            let claims = text(claims);
            diag.error(
                ty,
                format!(
                    "`#[require_auth]` rejects requests without a valid token: take `Auth<{claims}>`, \
                     or write `#[require_auth(optional)]` and take `MaybeAuth<{claims}>`"
                ),
            );
        }
    }
}

/// Rejects parameters that need a token on a route where it is optional.
pub(super) fn without_token(handler: &Handler, diag: &mut Diag) {
    for (ty, claims) in auth(handler) {
        let claims = text(claims);
        diag.error(
            ty,
            format!(
                "`optional` accepts callers without a token, but `Auth` rejects them: take `MaybeAuth<{claims}>`, \
                 or remove `optional`"
            ),
        );
    }
}

/// Rejects parameters that need a token on a public route.
pub(super) fn public(handler: &Handler, diag: &mut Diag) {
    for (ty, claims) in auth(handler) {
        let claims = text(claims);
        diag.error(
            ty,
            format!(
                "`#[public]` accepts callers without a token, but `Auth` rejects them: take `MaybeAuth<{claims}>`, \
                 or replace `#[public]` with `#[require_auth]`"
            ),
        );
    }
}

/// The parameters that are an `Auth<C>` or an optional one, each with its `C`.
fn auth(handler: &Handler) -> impl Iterator<Item = (&Type, &Type)> {
    handler.parameters().filter_map(|ty| Some((ty, argument_of("Auth", optional(ty).unwrap_or(ty))?)))
}

/// The `T` of a guard that lets Rocket continue when the guard `T` fails.
fn optional(ty: &Type) -> Option<&Type> {
    ["Option", "Result"].iter().find_map(|wrapper| argument_of(wrapper, ty))
}
