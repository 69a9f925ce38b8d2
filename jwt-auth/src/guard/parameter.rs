//! The rules for a handler's parameters, as bounds, so that the compiler names the types.

/// Whether a parameter meets a rule.
pub struct Met<const IS: bool>;

/// A type that does not hide an invalid token.
#[diagnostic::on_unimplemented(
    message = "`{Self}` would take a forged token for an anonymous visitor",
    label = "a forged token would pass for an anonymous visitor: write `MaybeAuth<User>`, with your claims type",
    note = "Rocket turns every failure of a guard into a value of `Option`, `Result` and `Outcome`, so the route would run \
            even if the token is forged, expired or revoked",
    note = "`MaybeAuth<User>` is `None` only if the request has no token; on a route with `#[require_auth]`, which is not \
            `optional`, every request has one: take `Auth<User>`"
)]
pub trait RejectsInvalidTokens<Rule> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> RejectsInvalidTokens<Met<true>> for T {}

/// Asserts at compile time that a parameter does not hide an invalid token.
pub const fn assert_rejects_invalid_tokens<T: ?Sized + RejectsInvalidTokens<Rule>, Rule>() {}

/// A type that can be read from a token of the type `Other`.
#[diagnostic::on_unimplemented(
    message = "no token is valid both as `{Other}` and as `{Self}`",
    label = "one of the two rejects every token",
    note = "the claims have different issuers or audiences: see `issuer` and `audience` in `#[claims(…)]` on each",
    note = "take claims of one type, or an enum of both that derives `Claims`",
    note = "without a claims type, `#[require_auth]` requires a token for `SubjectClaims`, of this app and its default \
            audience: name the type, as in `#[require_auth(Device)]`"
)]
pub trait SharesTokensWith<Other: ?Sized, Rule> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, Other: ?Sized> SharesTokensWith<Other, Met<true>> for T {}

/// Asserts at compile time that a token can be valid as both types.
pub const fn assert_shares_tokens<T: ?Sized + SharesTokensWith<Other, Rule>, Other: ?Sized, Rule>() {}
